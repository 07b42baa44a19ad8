//! Reductions of a slice to one number, in four lanes.

use crate::backend::Quad;
use crate::lanes::Lanes;

/// `(l₀ + l₂) + (l₁ + l₃)`: the order in which the four lanes of every reduction meet.
#[inline(always)]
pub(crate) fn join([l0, l1, l2, l3]: [f32; 4]) -> f32 {
    (l0 + l2) + (l1 + l3)
}

/// The last, fewer than four elements; the lanes past the end hold `past`.
#[inline(always)]
fn load_tail(tail: &[f32], past: f32) -> Quad {
    let at = |i: usize| tail.get(i).copied().unwrap_or(past);
    Quad::load(&[at(0), at(1), at(2), past]).unwrap_or(Quad::splat(past))
}

/// What `add` makes of aᵢ and bᵢ, lane by lane from +0, joined. `add` must change nothing where it is given +0 and −0.
#[inline(always)]
fn reduce(a: &[f32], b: &[f32], add: impl Fn(Quad, Quad, Quad) -> Quad) -> f32 {
    let length = a.len().min(b.len());
    let (Some(a), Some(b)) = (a.get(..length), b.get(..length)) else { return 0.0 };
    let ((a, a_tail), (b, b_tail)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut lanes = Quad::splat(0.0);
    for (a, b) in a.iter().zip(b) {
        let (Some(a), Some(b)) = (Quad::load(a), Quad::load(b)) else { break };
        lanes = add(lanes, a, b);
    }
    if !a_tail.is_empty() {
        // The product of +0 and −0 is −0: added to anything, it changes nothing, not even the sign of a zero.
        lanes = add(lanes, load_tail(a_tail, 0.0), load_tail(b_tail, -0.0));
    }
    join(lanes.to_array())
}

/// The dot product `Σ aᵢ·bᵢ`.
///
/// *Order:* four lanes, element i in lane i mod 4, each in natural order from +0; then (l₀ + l₂) + (l₁ + l₃).
///
/// ```
/// assert_eq!(kilograd_simd::kernel::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// ```
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    reduce(a, b, Quad::add_product)
}

/// The sum `Σ xᵢ`, in the order of [`dot`].
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum(&[1.0, 2.0, 3.0]), 6.0);
/// ```
pub fn sum(x: &[f32]) -> f32 {
    reduce(x, x, |lanes, _, x| lanes.plus(x))
}

/// The sum of magnitudes `Σ |xᵢ|`, in the order of [`dot`]: infinite or NaN if an element is, and the cheapest bound of the
/// largest.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum_of_magnitudes(&[1.0, -2.0, 3.0]), 6.0);
/// ```
pub fn sum_of_magnitudes(x: &[f32]) -> f32 {
    reduce(x, x, |lanes, _, x| lanes.plus(x.magnitude()))
}

/// The sum of squares `Σ (xᵢ·scale)²`, in the order of [`dot`]. A `scale` of `1 / max_abs(x)` keeps squares in range.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum_of_squares(&[3.0, 4.0], 1.0), 25.0);
/// ```
pub fn sum_of_squares(x: &[f32], scale: f32) -> f32 {
    reduce(x, x, |lanes, x, _| {
        let scaled = x.times(scale);
        lanes.add_product(scaled, scaled)
    })
}

/// The largest magnitude, or NaN if any element is NaN. Zero for an empty slice.
///
/// The answer is finite if and only if every element is.
///
/// ```
/// use kilograd_simd::kernel::max_abs;
/// assert_eq!(max_abs(&[1.0, -3.0, 2.0]), 3.0);
/// assert!(max_abs(&[f32::NAN, 1.0]).is_nan());
/// ```
pub fn max_abs(x: &[f32]) -> f32 {
    // Without their sign the bits of floats are ordered like integers, NaN above infinity: an integer maximum is exact,
    // the same in any order, and needs no comparison of floats.
    let largest = x.iter().fold(0, |largest, x| magnitude(*x).max(largest));
    f32::from_bits(largest.cast_unsigned())
}

/// The bits of |x|: never negative, and compared as signed integers, which x86-64 has vector instructions for.
#[inline(always)]
fn magnitude(x: f32) -> i32 {
    (x.to_bits() & 0x7FFF_FFFF).cast_signed()
}
