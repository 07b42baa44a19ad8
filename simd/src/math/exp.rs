//! The exponential function.

/// Above this `exp` is infinite in f32.
pub(crate) const OVERFLOW: f32 = 88.722_84;
/// Below this `exp` rounds to zero even as a subnormal.
pub(crate) const UNDERFLOW: f32 = -103.972_08;
/// Adding and subtracting it rounds to the nearest integer (1.5 · 2²³: the unit in the last place is 1).
pub(crate) const ROUNDER: f32 = 12_582_912.0;

/// ln 2, in two parts.
pub(crate) const LN_2_HIGH: f32 = 0.693_359_4;
pub(crate) const LN_2_LOW: f32 = -2.121_944_4e-4;
/// The polynomial's coefficients from degree 7 down to 2 (those of degrees 1 and 0 are 1).
pub(crate) const EXP: [f32; 6] = [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5e-1];

/// e to the power `x`; 0 and ∞ past the range, NaN for NaN.
///
/// `x = n·ln 2 + r` with an integer n and |r| ≤ ln 2 / 2 (ln 2 in two parts, so that r keeps its digits), then a polynomial
/// of degree 7 for `exp(r)` (the one of the Cephes library, S. Moshier, 1992), scaled by 2ⁿ in two halves so that subnormal
/// results round once. Branch-free but for the range: a loop over it runs in vector registers.
///
/// ```
/// use kilograd_simd::math::exp;
/// assert_eq!(exp(0.0), 1.0);
/// assert_eq!(exp(1e4), f32::INFINITY);
/// assert_eq!(exp(-1e4), 0.0);
/// ```
#[inline]
pub fn exp(x: f32) -> f32 {
    // Comparisons that are false for NaN let it through.
    exp_in_range(if x > OVERFLOW { OVERFLOW + 1.0 } else { x })
}

/// [`exp`] of what is not beyond where it overflows, or NaN.
#[inline(always)]
pub(crate) fn exp_in_range(x: f32) -> f32 {
    let x = if x < UNDERFLOW { UNDERFLOW - 1.0 } else { x };
    let biased = x * core::f32::consts::LOG2_E + ROUNDER;
    let n = biased - ROUNDER;
    let r = x - n * LN_2_HIGH;
    let r = r - n * LN_2_LOW;

    let [c7, c6, c5, c4, c3, c2] = EXP;
    let p = ((((c7 * r + c6) * r + c5) * r + c4) * r + c3) * r + c2;
    let p = p * (r * r) + r + 1.0;

    // The integer n stands in the low bits of `biased`.
    let n = biased.to_bits().wrapping_sub(ROUNDER.to_bits()).cast_signed();
    let half = n >> 1;
    p * power_of_two(half) * power_of_two(n.wrapping_sub(half))
}

/// 2ⁿ for −126 ≤ n ≤ 127; any value for other n (which only NaN leads to, and NaN times anything is NaN).
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) << 23).cast_unsigned())
}
