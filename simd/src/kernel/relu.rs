//! The rectified linear unit.
//!
//! Both kernels look at bits as integers: comparing floats costs an M4 a transfer of flags besides.

use crate::backend;

/// The bits of −∞. As signed integers, the bits of −0 and of every smaller number are at most these; a NaN's, of either
/// sign, are above.
const MINUS_INFINITY: i32 = f32::NEG_INFINITY.to_bits().cast_signed();
const INFINITY: u32 = f32::INFINITY.to_bits();

/// `xᵢ ← max(xᵢ, 0)`; NaN stays NaN, and −0 becomes 0.
///
/// ```
/// let mut x = [-1.0, 0.0, 2.0];
/// kilograd_simd::kernel::relu(&mut x);
/// assert_eq!(x, [0.0, 0.0, 2.0]);
/// ```
pub fn relu(x: &mut [f32]) {
    if backend::relu(x).is_some() {
        return;
    }
    let done = backend::rectify_eights(x);
    let (fours, tail) = x.get_mut(done..).unwrap_or_default().as_chunks_mut::<4>();
    for [a, b, c, d] in fours {
        (*a, *b, *c, *d) = (rectify(*a), rectify(*b), rectify(*c), rectify(*d));
    }
    for x in tail {
        *x = rectify(*x);
    }
}

#[inline(always)]
fn rectify(x: f32) -> f32 {
    let bits = x.to_bits().cast_signed();
    f32::from_bits(if bits <= MINUS_INFINITY { 0 } else { bits }.cast_unsigned())
}

/// `dᵢ ← 0` where the unit was off; where it was on (`yᵢ > 0`), dᵢ stays.
///
/// ```
/// let mut d = [1.0, 1.0, -1.0];
/// kilograd_simd::kernel::relu_backward(&[0.0, 0.5, 2.0], &mut d);
/// assert_eq!(d, [0.0, 1.0, -1.0]);
/// ```
pub fn relu_backward(y: &[f32], d: &mut [f32]) {
    if backend::relu_backward(y, d).is_some() {
        return;
    }
    let length = y.len().min(d.len());
    let done = backend::gate_eights(y, d);
    let (Some(y), Some(d)) = (y.get(done..length), d.get_mut(done..length)) else { return };
    let ((y, y_tail), (d, d_tail)) = (y.as_chunks::<4>(), d.as_chunks_mut::<4>());
    for ([y0, y1, y2, y3], [d0, d1, d2, d3]) in y.iter().zip(d) {
        (*d0, *d1, *d2, *d3) = (gate(*y0, *d0), gate(*y1, *d1), gate(*y2, *d2), gate(*y3, *d3));
    }
    for (y, d) in y_tail.iter().zip(d_tail) {
        *d = gate(*y, *d);
    }
}

/// `d` if y > 0: y's bits are from 1 to those of infinity.
#[inline(always)]
fn gate(y: f32, d: f32) -> f32 {
    f32::from_bits(if y.to_bits().wrapping_sub(1) < INFINITY { d.to_bits() } else { 0 })
}
