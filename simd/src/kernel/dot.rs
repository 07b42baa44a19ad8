//! Reductions of a slice to one number, in four lanes.

use crate::block::load;
use wide::f32x4;

/// `(l₀ + l₂) + (l₁ + l₃)`: the order in which the four lanes of every reduction meet.
#[inline(always)]
pub(crate) fn join(lanes: f32x4) -> f32 {
    let [l0, l1, l2, l3] = lanes.to_array();
    (l0 + l2) + (l1 + l3)
}

/// The last, fewer than four elements as a vector; the lanes past the end hold zero, which adds nothing.
#[inline(always)]
pub(crate) fn load_tail(tail: &[f32]) -> f32x4 {
    let mut lanes = [0.0; 4];
    for (lane, value) in lanes.iter_mut().zip(tail) {
        *lane = *value;
    }
    f32x4::new(lanes)
}

/// `Σ term(aᵢ, bᵢ)` in four lanes.
#[inline(always)]
fn reduce(a: &[f32], b: &[f32], term: impl Fn(f32x4, f32x4) -> f32x4) -> f32 {
    let length = a.len().min(b.len());
    let (Some(a), Some(b)) = (a.get(..length), b.get(..length)) else { return 0.0 };
    let ((a, a_tail), (b, b_tail)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut lanes = f32x4::splat(0.0);
    for (a, b) in a.iter().zip(b) {
        lanes += term(load(a), load(b));
    }
    if !a_tail.is_empty() {
        lanes += term(load_tail(a_tail), load_tail(b_tail));
    }
    join(lanes)
}

/// The dot product `Σ aᵢ·bᵢ`.
///
/// *Order:* four lanes, element i in lane i mod 4, each in natural order from +0; then (l₀ + l₂) + (l₁ + l₃).
///
/// ```
/// assert_eq!(kilograd_simd::kernel::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// ```
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    reduce(a, b, |a, b| a * b)
}

/// The sum `Σ xᵢ`, in the order of [`dot`].
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum(&[1.0, 2.0, 3.0]), 6.0);
/// ```
pub fn sum(x: &[f32]) -> f32 {
    reduce(x, x, |x, _| x)
}

/// The sum of squares `Σ (xᵢ·scale)²`, in the order of [`dot`]. A `scale` of `1 / max_abs(x)` keeps squares in range.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum_of_squares(&[3.0, 4.0], 1.0), 25.0);
/// ```
pub fn sum_of_squares(x: &[f32], scale: f32) -> f32 {
    let scale = f32x4::splat(scale);
    reduce(x, x, |x, _| {
        let scaled = x * scale;
        scaled * scaled
    })
}

/// The largest magnitude, or NaN if any element is NaN. Zero for an empty slice.
///
/// One pass, and the cheapest way to know that all of a slice is finite: the answer is finite if and only if every
/// element is.
///
/// ```
/// use kilograd_simd::kernel::max_abs;
/// assert_eq!(max_abs(&[1.0, -3.0, 2.0]), 3.0);
/// assert!(max_abs(&[f32::NAN, 1.0]).is_nan());
/// ```
pub fn max_abs(x: &[f32]) -> f32 {
    // Without their sign the bits of floats are ordered like integers, NaN above infinity: an integer maximum is exact,
    // the same in any order, and needs no comparison of floats.
    let bits = x.iter().fold(0, |largest, x| (x.to_bits() & 0x7FFF_FFFF).max(largest));
    f32::from_bits(bits)
}
