//! One pass over slices, element by element.

use crate::block::{load, store};
use wide::f32x4;

/// `yᵢ ← op(xᵢ, yᵢ)`.
#[inline(always)]
fn combine(x: &[f32], y: &mut [f32], op: impl Fn(f32x4, f32x4) -> f32x4, scalar: impl Fn(f32, f32) -> f32) {
    let length = x.len().min(y.len());
    let (Some(x), Some(y)) = (x.get(..length), y.get_mut(..length)) else { return };
    let ((x, x_tail), (y, y_tail)) = (x.as_chunks::<4>(), y.as_chunks_mut::<4>());
    for (x, y) in x.iter().zip(y) {
        store(op(load(x), load(y)), y);
    }
    for (x, y) in x_tail.iter().zip(y_tail) {
        *y = scalar(*x, *y);
    }
}

/// `yᵢ ← yᵢ + α·xᵢ`.
///
/// ```
/// let mut y = [1.0, 2.0];
/// kilograd_simd::kernel::axpy(0.5, &[2.0, 4.0], &mut y);
/// assert_eq!(y, [2.0, 4.0]);
/// ```
pub fn axpy(alpha: f32, x: &[f32], y: &mut [f32]) {
    let wide = f32x4::splat(alpha);
    combine(x, y, |x, y| y + wide * x, |x, y| y + alpha * x);
}

/// `yᵢ ← yᵢ + xᵢ`.
///
/// ```
/// let mut y = [1.0, 2.0];
/// kilograd_simd::kernel::add(&[2.0, 4.0], &mut y);
/// assert_eq!(y, [3.0, 6.0]);
/// ```
pub fn add(x: &[f32], y: &mut [f32]) {
    combine(x, y, |x, y| y + x, |x, y| y + x);
}

/// `xᵢ ← α·xᵢ`.
///
/// ```
/// let mut x = [1.0, 2.0];
/// kilograd_simd::kernel::scale(0.5, &mut x);
/// assert_eq!(x, [0.5, 1.0]);
/// ```
pub fn scale(alpha: f32, x: &mut [f32]) {
    for x in x {
        *x *= alpha;
    }
}
