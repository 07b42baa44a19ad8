//! Reductions of a slice to one number, in 32 lanes.
//!
//! One running sum would wait three or four cycles for each addition on a desktop's processor: 32 are four or two vectors' worth of
//! independent ones. A Cortex-M4F walks over the slice eight lanes at a time.

use crate::backend::{self, Widest};
use crate::lanes::Lanes;

/// Element i of a reduction goes to lane i mod 32.
const LANES: usize = 32;

/// `(l₀ + l₂) + (l₁ + l₃)`: the order in which the four lanes of a row's product meet.
#[inline(always)]
pub(crate) fn join([l0, l1, l2, l3]: [f32; 4]) -> f32 {
    (l0 + l2) + (l1 + l3)
}

/// What is added up, for two elements at a time; once for every width.
trait Term {
    fn of<L: Lanes>(&self, a: L, b: L) -> L;
}

/// `Σ term(aᵢ, bᵢ)`.
#[inline(always)]
fn reduce(a: &[f32], b: &[f32], term: impl Term) -> f32 {
    let length = a.len().min(b.len());
    let (Some(mut a), Some(mut b)) = (a.get(..length), b.get(..length)) else { return 0.0 };
    let mut lanes = [0.0; LANES];
    for lanes in lanes.as_chunks_mut::<{ Widest::WIDTH }>().0 {
        add_up(a, b, &term, lanes);
        (a, b) = (a.get(Widest::WIDTH..).unwrap_or_default(), b.get(Widest::WIDTH..).unwrap_or_default());
    }
    fold(&mut lanes, length)
}

/// The terms of the lanes that `a` and `b` begin with.
#[inline(always)]
fn add_up(a: &[f32], b: &[f32], term: &impl Term, lanes: &mut [f32]) {
    let (mut sums, mut a, mut b) = (Widest::splat(0.0), a, b);
    while let (Some(x), Some(y)) = (Widest::load(a), Widest::load(b)) {
        sums = sums.plus(term.of(x, y));
        (a, b) = (a.get(LANES..).unwrap_or_default(), b.get(LANES..).unwrap_or_default());
    }
    sums.store(lanes);
    for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
        *lane += term.of(*x, *y);
    }
}

/// The upper half of the lanes is added to the lower, until one is left. Lanes without an element hold zero, which adds nothing to
/// a lane that began with +0 (it is never −0): halves without one are left out.
#[inline(always)]
fn fold(lanes: &mut [f32; LANES], length: usize) -> f32 {
    let mut half = LANES >> 1;
    while half > 0 {
        if half < length
            && let Some((low, high)) = lanes.split_at_mut_checked(half)
        {
            low.iter_mut().zip(high).for_each(|(low, high)| *low += *high);
        }
        half >>= 1;
    }
    lanes[0]
}

struct Product;

impl Term for Product {
    #[inline(always)]
    fn of<L: Lanes>(&self, a: L, b: L) -> L {
        a.by(b)
    }
}

struct Itself;

impl Term for Itself {
    #[inline(always)]
    fn of<L: Lanes>(&self, a: L, _: L) -> L {
        a
    }
}

struct Magnitude;

impl Term for Magnitude {
    #[inline(always)]
    fn of<L: Lanes>(&self, a: L, _: L) -> L {
        a.magnitude()
    }
}

struct ScaledSquare(f32);

impl Term for ScaledSquare {
    #[inline(always)]
    fn of<L: Lanes>(&self, a: L, _: L) -> L {
        let scaled = a.times(self.0);
        scaled.by(scaled)
    }
}

/// The dot product `Σ aᵢ·bᵢ`.
///
/// *Order:* 32 lanes, element i in lane i mod 32, each in natural order from +0; then the upper half of the lanes is added to the
/// lower (lane l takes lane l + 16, then l + 8, l + 4, l + 2, l + 1).
///
/// ```
/// assert_eq!(kilograd_simd::kernel::dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
/// ```
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    backend::dot(a, b).unwrap_or_else(|| reduce(a, b, Product))
}

/// The sum `Σ xᵢ`, in the order of [`dot`].
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum(&[1.0, 2.0, 3.0]), 6.0);
/// ```
pub fn sum(x: &[f32]) -> f32 {
    backend::sum(x).unwrap_or_else(|| reduce(x, x, Itself))
}

/// The sum of magnitudes `Σ |xᵢ|`, in the order of [`dot`]: infinite or NaN if an element is, and the cheapest bound of the
/// largest.
///
/// ```
/// assert_eq!(kilograd_simd::kernel::sum_of_magnitudes(&[1.0, -2.0, 3.0]), 6.0);
/// ```
pub fn sum_of_magnitudes(x: &[f32]) -> f32 {
    backend::sum_of_magnitudes(x).unwrap_or_else(|| reduce(x, x, Magnitude))
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
