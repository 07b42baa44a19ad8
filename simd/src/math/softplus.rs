//! The smooth rectifier.

use super::exp;

/// `ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)`: the exponential overflows for no x, and the logarithm (`libm`'s `log1p`) keeps
/// its digits where it is small.
///
/// ```
/// use kilograd_simd::math::softplus;
/// assert_eq!(softplus(1e4), 1e4);
/// assert_eq!(softplus(-1e4), 0.0);
/// ```
#[inline]
pub fn softplus(x: f32) -> f32 {
    let positive = if x > 0.0 { x } else { 0.0 };
    positive + libm::log1pf(exp(-x.abs()))
}
