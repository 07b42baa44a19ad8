//! Reductions of a slice to one number.
//!
//! What solvers and norms take of all parameters at once has 32 lanes: one running sum would wait three or four cycles for each
//! addition on a desktop's processor, and 32 are four or two vectors' worth of independent ones. What every training step takes of
//! a few numbers has four: 32 would cost a Cortex-M4F twice as much for these lengths (9 cycles an element of 64 instead of 4).

use crate::backend::{self, Quad};
use crate::lanes::{Lanes, Twice};

/// Element i of a reduction goes to lane i mod 32.
const LANES: usize = 32;

/// What is added to a sum for two elements; once for every width.
trait Term {
    fn add_to<L: Lanes>(&self, sum: L, a: L, b: L) -> L;
}

/// `Σ term(xᵢ)` in four lanes.
#[inline(always)]
fn reduce_short(x: &[f32], term: impl Fn(Quad) -> Quad) -> f32 {
    let (fours, tail) = x.as_chunks::<4>();
    let mut sums = Quad::splat(0.0);
    for x in fours {
        let Some(x) = Quad::load(x) else { break };
        sums = sums.plus(term(x));
    }
    if !tail.is_empty() {
        // Past the end stands 0, which adds nothing.
        let at = |i: usize| tail.get(i).copied().unwrap_or(0.0);
        let Some(x) = Quad::load(&[at(0), at(1), at(2), 0.0]) else { return 0.0 };
        sums = sums.plus(term(x));
    }
    sums.fold()
}

/// Half of the lanes.
type Half = Twice<Twice<Quad>>;

/// `Σ term(aᵢ, bᵢ)`: one half of the lanes, the other, and both together.
#[inline(always)]
fn reduce(a: &[f32], b: &[f32], term: impl Term) -> f32 {
    let length = a.len().min(b.len());
    let (Some(a), Some(b)) = (a.get(..length), b.get(..length)) else { return 0.0 };
    let mut sums = half(a, b, &term);
    if let (Some(a), Some(b)) = (a.get(Half::WIDTH..), b.get(Half::WIDTH..)) {
        sums = sums.plus(half(a, b, &term));
    }
    sums.fold()
}

/// The sums of the half of the lanes that `a` and `b` begin with.
#[inline(never)]
fn half(a: &[f32], b: &[f32], term: &impl Term) -> Half {
    let (mut sums, mut a, mut b) = (Half::splat(0.0), a, b);
    while let (Some((x, _)), Some((y, _))) = (a.split_at_checked(Half::WIDTH), b.split_at_checked(Half::WIDTH)) {
        let Twice(Twice(s0, s1), Twice(s2, s3)) = sums;
        let low = Twice(add_term(s0, x, y, 0, term), add_term(s1, x, y, 4, term));
        sums = Twice(low, Twice(add_term(s2, x, y, 8, term), add_term(s3, x, y, 12, term)));
        (a, b) = (a.get(LANES..).unwrap_or_default(), b.get(LANES..).unwrap_or_default());
    }
    let Twice(Twice(s0, s1), Twice(s2, s3)) = sums;
    let low = Twice(add_last(s0, a, b, 0, term), add_last(s1, a, b, 4, term));
    Twice(low, Twice(add_last(s2, a, b, 8, term), add_last(s3, a, b, 12, term)))
}

/// Adds the terms of the four elements from `at` on, which are there.
#[inline(always)]
fn add_term(sums: Quad, a: &[f32], b: &[f32], at: usize, term: &impl Term) -> Quad {
    let (Some(x), Some(y)) = (Quad::load_at(a, at), Quad::load_at(b, at)) else { return sums };
    term.add_to(sums, x, y)
}

/// Adds the terms of the four elements from `at` on, or of fewer.
#[inline(always)]
fn add_last(sums: Quad, a: &[f32], b: &[f32], at: usize, term: &impl Term) -> Quad {
    if at >= a.len() {
        return sums;
    }
    if at + 4 <= a.len() {
        return add_term(sums, a, b, at, term);
    }
    let (mut lanes, a, b) = (sums.to_array(), a.get(at..).unwrap_or_default(), b.get(at..).unwrap_or_default());
    for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
        *lane = term.add_to(*lane, *x, *y);
    }
    Quad::load(&lanes).unwrap_or(sums)
}

struct Product;

impl Term for Product {
    #[inline(always)]
    fn add_to<L: Lanes>(&self, sum: L, a: L, b: L) -> L {
        sum.add_product(a, b)
    }
}

struct ScaledSquare(f32);

impl Term for ScaledSquare {
    #[inline(always)]
    fn add_to<L: Lanes>(&self, sum: L, a: L, _: L) -> L {
        let scaled = a.times(self.0);
        sum.add_product(scaled, scaled)
    }
}

/// The dot product `Σ aᵢ·bᵢ`.
///
/// *Order:* 32 lanes, element i in lane i mod 32, each in natural order from +0; then the upper half of the lanes is added to the
/// lower (lane l takes lane l + 16, then l + 8, l + 4, l + 2, l + 1). A sum of zero is +0.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// ```
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    // With one rounding, products that underflow leave a lane at −0: whether lanes without an element then count is of no effect.
    backend::dot(a, b).unwrap_or_else(|| reduce(a, b, Product)) + 0.0
}

/// The sum `Σ xᵢ`.
///
/// *Order:* four lanes, element i in lane i mod 4, each in natural order from +0; then (l₀ + l₂) + (l₁ + l₃).
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum(&[1.0, 2.0, 3.0]), 6.0);
/// ```
pub fn sum(x: &[f32]) -> f32 {
    reduce_short(x, |x| x)
}

/// The sum of magnitudes `Σ |xᵢ|`, in the order of [`sum`]: infinite or NaN if an element is, and the cheapest bound of the
/// largest.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum_of_magnitudes(&[1.0, -2.0, 3.0]), 6.0);
/// ```
pub fn sum_of_magnitudes(x: &[f32]) -> f32 {
    backend::sum_of_magnitudes(x).unwrap_or_else(|| reduce_short(x, Quad::magnitude))
}

/// The sum of squares `Σ (xᵢ·scale)²`, in the order of [`dot`]. A `scale` of `1 / max_abs(x)` keeps squares in range.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum_of_squares(&[3.0, 4.0], 1.0), 25.0);
/// ```
pub fn sum_of_squares(x: &[f32], scale: f32) -> f32 {
    backend::sum_of_squares(x, scale).unwrap_or_else(|| reduce(x, x, ScaledSquare(scale)))
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
    if let Some(largest) = backend::max_abs(x) {
        return largest;
    }
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
