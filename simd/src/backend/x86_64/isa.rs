//! What kernels ask of a vector unit.

use crate::math::exp::ROUNDER;

/// What stands before an integer in the bits of a number that was rounded by adding it.
pub const ROUNDER_BITS: i32 = ROUNDER.to_bits().cast_signed();

/// A vector unit that the running processor has; a value of this type is the proof, and every operation asks for it.
///
/// `V` holds `WIDTH` numbers, in blocks of four. Whatever reads or writes memory takes pointers, so that inner loops carry no
/// bounds checks: the kernels check their slices once, before.
pub trait Isa: Copy {
    const WIDTH: usize;
    /// The unit for what waits for results rather than for the unit: eight numbers, which are there a cycle earlier than sixteen.
    type Narrow: Isa;
    /// `WIDTH` numbers.
    type V: Copy;
    /// Which of `WIDTH` numbers are there.
    type Part: Copy;

    fn narrow(self) -> Self::Narrow;
    /// The first `count` numbers, `count` ≤ `WIDTH`.
    fn first(self, count: usize) -> Self::Part;
    fn splat(self, x: f32) -> Self::V;
    fn plus(self, a: Self::V, b: Self::V) -> Self::V;
    fn by(self, a: Self::V, b: Self::V) -> Self::V;
    /// `sum + a·b`, with the feature `fused` rounded once.
    fn add_product(self, sum: Self::V, a: Self::V, b: Self::V) -> Self::V;
    fn over(self, a: Self::V, b: Self::V) -> Self::V;
    fn root(self, a: Self::V) -> Self::V;
    fn magnitude(self, a: Self::V) -> Self::V;
    /// The larger; `b` if `a` is NaN or both are zero.
    fn larger(self, a: Self::V, b: Self::V) -> Self::V;
    /// `yes` where a < b, `no` elsewhere (and where either is NaN).
    fn if_less(self, a: Self::V, b: Self::V, yes: Self::V, no: Self::V) -> Self::V;
    /// `x` where it is greater than zero or NaN, 0 elsewhere.
    fn rectified(self, x: Self::V) -> Self::V;
    /// `a` where it is a number of `part`, `b` elsewhere.
    fn only(self, a: Self::V, b: Self::V, part: Self::Part) -> Self::V;
    /// With the signs of `signs`.
    fn signed(self, a: Self::V, signs: Self::V) -> Self::V;
    /// The larger of the bits, as signed integers.
    fn larger_bits(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a` by two to the power n in two halves, where `biased` is n + 1.5·2²³ (as `math::exp` does it).
    fn by_power(self, a: Self::V, biased: Self::V) -> Self::V;
    /// The largest of all; of bits as signed integers if `BITS`, else of numbers, in which NaN and the sign of a zero may be lost.
    fn largest<const BITS: bool>(self, a: Self::V) -> f32;
    /// The sum of all in four lanes: every block of four is added to the first in turn, then (l₀ + l₂) + (l₁ + l₃).
    fn fold_in_four_lanes(self, a: Self::V) -> f32;
    /// The sum of all: the upper half is added to the lower, until one number is left.
    fn fold(self, a: Self::V) -> f32;
    /// In every block of four: the first two of `a` and of `b`, interleaved.
    fn interleave_low(self, a: Self::V, b: Self::V) -> Self::V;
    /// In every block of four: the last two of `a` and of `b`, interleaved.
    fn interleave_high(self, a: Self::V, b: Self::V) -> Self::V;
    /// In every block of four: the first two of `a`, then the first two of `b`.
    fn low_halves(self, a: Self::V, b: Self::V) -> Self::V;
    /// In every block of four: the last two of `a`, then the last two of `b`.
    fn high_halves(self, a: Self::V, b: Self::V) -> Self::V;

    /// # Safety
    /// `WIDTH` numbers must be readable at `from`.
    unsafe fn load(self, from: *const f32) -> Self::V;
    /// The numbers of `part`, zeros elsewhere.
    ///
    /// # Safety
    /// The numbers of `part` must be readable at `from`.
    unsafe fn load_part(self, from: *const f32, part: Self::Part) -> Self::V;
    /// `COUNT` numbers, or `WIDTH` if that is less, zeros after them; `COUNT` is 1, 2, 4, 8 or 16.
    ///
    /// # Safety
    /// They must be readable at `from`.
    unsafe fn load_few<const COUNT: usize>(self, from: *const f32) -> Self::V;
    /// The first `COUNT` numbers, or `WIDTH` if that is less; `COUNT` is 1, 2, 4, 8 or 16.
    ///
    /// # Safety
    /// They must be writable at `to`.
    unsafe fn store_few<const COUNT: usize>(self, a: Self::V, to: *mut f32);
    /// # Safety
    /// `WIDTH` numbers must be writable at `to`.
    unsafe fn store(self, a: Self::V, to: *mut f32);
    /// # Safety
    /// The numbers of `part` must be writable at `to`.
    unsafe fn store_part(self, a: Self::V, to: *mut f32, part: Self::Part);
    /// `count` < `WIDTH` numbers, zeros after them, by loads of eights, fours, twos and ones: what was stored a moment ago in such
    /// parts comes from the store buffer, where a masked load would wait for the cache.
    ///
    /// # Safety
    /// They must be readable at `from`.
    unsafe fn load_fresh(self, from: *const f32, count: usize) -> Self::V;
    /// The first `count` < `WIDTH` numbers, by stores of eights, fours, twos and ones.
    ///
    /// # Safety
    /// They must be writable at `to`.
    unsafe fn store_fresh(self, a: Self::V, to: *mut f32, count: usize);
    /// The same four numbers in every block.
    ///
    /// # Safety
    /// Four numbers must be readable at `from`.
    unsafe fn four(self, from: *const f32) -> Self::V;
    /// The same up to four numbers in every block, zeros after them.
    ///
    /// # Safety
    /// `count` numbers must be readable at `from`.
    unsafe fn up_to_four(self, from: *const f32, count: usize) -> Self::V;
    /// Up to four numbers from each of `WIDTH / 4` places, `stride` numbers apart; zeros after them.
    ///
    /// # Safety
    /// `count` ≤ 4 numbers must be readable at each of the places.
    unsafe fn gather_fours(self, from: *const f32, stride: usize, count: usize) -> Self::V;
}

/// The sum of every block of four, (l₀ + l₂) + (l₁ + l₃), for four vectors: block b of the result holds those of block b of
/// each.
#[inline(always)]
pub fn join_fours<I: Isa>(isa: I, [a, b, c, d]: [I::V; 4]) -> I::V {
    let (ab, cd) = (isa.interleave_low(a, b), isa.interleave_low(c, d)); // a₀ b₀ a₁ b₁
    let (first, second) = (isa.low_halves(ab, cd), isa.high_halves(ab, cd)); // a₀ b₀ c₀ d₀
    let (ab, cd) = (isa.interleave_high(a, b), isa.interleave_high(c, d)); // a₂ b₂ a₃ b₃
    let (third, fourth) = (isa.low_halves(ab, cd), isa.high_halves(ab, cd));
    isa.plus(isa.plus(first, third), isa.plus(second, fourth))
}
