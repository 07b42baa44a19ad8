//! One pass over slices, element by element.

use crate::backend::{self, Quad};
use crate::lanes::Lanes;
use core::slice::{from_mut, from_ref};

/// What happens to an element of y, given that of x; once for every width.
trait Operation {
    fn of<L: Lanes>(&self, x: L, y: L) -> L;
}

/// `yᵢ ← op(xᵢ, yᵢ)`.
#[inline(always)]
fn combine(x: &[f32], y: &mut [f32], operation: impl Operation) {
    let length = x.len().min(y.len());
    let (Some(x), Some(y)) = (x.get(..length), y.get_mut(..length)) else { return };
    let ((x, x_tail), (y, y_tail)) = (x.as_chunks::<4>(), y.as_chunks_mut::<4>());
    for (x, y) in x.iter().zip(y) {
        apply::<Quad>(&operation, x, y);
    }
    for (x, y) in x_tail.iter().zip(y_tail) {
        apply::<f32>(&operation, from_ref(x), from_mut(y));
    }
}

#[inline(always)]
fn apply<L: Lanes>(operation: &impl Operation, x: &[f32], y: &mut [f32]) {
    let (Some(x), Some(old)) = (L::load(x), L::load(y)) else { return };
    operation.of(x, old).store(y);
}

struct Axpy(f32);

impl Operation for Axpy {
    #[inline(always)]
    fn of<L: Lanes>(&self, x: L, y: L) -> L {
        y.add_times(x, self.0)
    }
}

struct Add;

impl Operation for Add {
    #[inline(always)]
    fn of<L: Lanes>(&self, x: L, y: L) -> L {
        y.plus(x)
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
    if backend::axpy(alpha, x, y).is_none() {
        combine(x, y, Axpy(alpha));
    }
}

/// `yᵢ ← yᵢ + xᵢ`.
///
/// ```
/// let mut y = [1.0, 2.0];
/// kilograd_simd::kernel::add(&[2.0, 4.0], &mut y);
/// assert_eq!(y, [3.0, 6.0]);
/// ```
pub fn add(x: &[f32], y: &mut [f32]) {
    if backend::add(x, y).is_none() {
        combine(x, y, Add);
    }
}

/// `yⱼ ← yⱼ + Σᵢ rowsᵢⱼ` over whole rows of `y.len()`.
///
/// *Order:* from yⱼ, over the rows in turn: [`add`] for every row.
///
/// ```
/// let mut y = [1.0, 2.0];
/// kilograd_simd::kernel::add_each(&[2.0, 4.0, 0.5, 0.25], &mut y);
/// assert_eq!(y, [3.5, 6.25]);
/// ```
pub fn add_each(rows: &[f32], y: &mut [f32]) {
    if backend::add_each(rows, y).is_none() {
        crate::block::rows(rows, y.len()).for_each(|row| add(row, y));
    }
}

/// `xᵢ ← α·xᵢ`.
///
/// ```
/// let mut x = [1.0, 2.0];
/// kilograd_simd::kernel::scale(0.5, &mut x);
/// assert_eq!(x, [0.5, 1.0]);
/// ```
pub fn scale(alpha: f32, x: &mut [f32]) {
    if backend::scale(alpha, x).is_some() {
        return;
    }
    let (fours, tail) = x.as_chunks_mut::<4>();
    for x in fours {
        let Some(old) = Quad::load(x) else { return };
        old.times(alpha).store(x);
    }
    for x in tail {
        *x *= alpha;
    }
}

/// `xᵢ ← 0`.
///
/// ```
/// let mut x = [1.0, f32::NAN];
/// kilograd_simd::kernel::clear(&mut x);
/// assert_eq!(x, [0.0; 2]);
/// ```
pub fn clear(x: &mut [f32]) {
    if !backend::clear(x) {
        x.fill(0.0);
    }
}
