//! The hyperbolic tangent.

use super::exp;

/// From here on tanh is a quotient.
pub(crate) const QUOTIENT: f32 = 0.625;
/// The polynomial's coefficients, of the odd degrees from 11 down to 3 (that of degree 1 is 1).
pub(crate) const COEFFICIENTS: [f32; 5] = [-5.704_988_7e-3, 2.063_908_8e-2, -5.373_971_7e-2, 1.333_144_2e-1, -3.333_328e-1];

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
    if magnitude < QUOTIENT {
        let z = x * x;
        let [c11, c9, c7, c5, c3] = COEFFICIENTS;
        let p = (((c11 * z + c9) * z + c7) * z + c5) * z + c3;
        p * z * x + x
    } else {
        (1.0 - 2.0 / (exp(magnitude + magnitude) + 1.0)).copysign(x)
    }
}
