//! The logistic function.

use super::exp;

/// `1 / (1 + e⁻ˣ)`, from the exponential of −|x| so that neither side overflows or loses its digits.
///
/// ```
/// use kilograd_simd::math::sigmoid;
/// assert_eq!(sigmoid(0.0), 0.5);
/// assert_eq!(sigmoid(-1e4), 0.0);
/// ```
#[inline]
pub fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let numerator = if x < 0.0 { e } else { 1.0 };
    numerator / (1.0 + e)
}
