//! The hyperbolic tangent.

use super::exp;

/// tanh `x`: a polynomial below 0.625 (where the quotient would lose its digits), `1 − 2 / (e²ˣ + 1)` above (both forms:
/// Cephes, S. Moshier, 1992).
///
/// ```
/// use kilograd_simd::math::tanh;
/// assert_eq!(tanh(0.0), 0.0);
/// assert_eq!(tanh(-1e4), -1.0);
/// ```
#[inline]
pub fn tanh(x: f32) -> f32 {
    let magnitude = x.abs();
    if magnitude < 0.625 {
        let z = x * x;
        let mut p = -5.704_988_7e-3;
        p = p * z + 2.063_908_8e-2;
        p = p * z + -5.373_971_7e-2;
        p = p * z + 1.333_144_2e-1;
        p = p * z + -3.333_328e-1;
        p * z * x + x
    } else {
        (1.0 - 2.0 / (exp(magnitude + magnitude) + 1.0)).copysign(x)
    }
}
