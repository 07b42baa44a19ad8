//! The natural logarithm.

/// The natural logarithm (`libm`'s, the same on every target).
///
/// ```
/// assert_eq!(kilograd_simd::math::ln(1.0), 0.0);
/// ```
#[inline]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}

const LN_2_HIGH: f32 = 6.931_381e-1;
const LN_2_LOW: f32 = 9.058_001e-6;
/// `(ln(1 + s) − ln(1 − s) − 2·s) / s`, a polynomial in s² from degree 1 up.
const COEFFICIENTS: [f32; 4] = [6.666_666e-1, 4.000_097_2e-1, 2.849_878_7e-1, 2.427_907_9e-1];
/// The bits of √½.
const ROOT_HALF: u32 = 0x3F35_04F3;

/// [`ln`] of a finite number that is at least 1, or of NaN, to the same bits.
///
/// `x = 2ᵏ·(1 + f)` with `√½ ≤ 1 + f < √2`: the formula of `libm` (FreeBSD's `e_logf.c`) without what it asks about other
/// numbers. A loop over it runs in vector registers.
#[inline(always)]
pub(crate) fn ln_from_one(x: f32) -> f32 {
    let bits = x.to_bits().wrapping_add(1.0_f32.to_bits() - ROOT_HALF);
    let k = ((bits >> 23).cast_signed() - 127) as f32;
    let f = f32::from_bits((bits & 0x007F_FFFF) + ROOT_HALF) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let [c1, c2, c3, c4] = COEFFICIENTS;
    let r = z * (c1 + w * c3) + w * (c2 + w * c4);
    let half_square = 0.5 * f * f;
    // 0 · x is nothing but for NaN.
    s * (half_square + r) + k * LN_2_LOW - half_square + f + k * LN_2_HIGH + 0.0 * x
}

#[cfg(test)]
mod tests {
    use super::{ln, ln_from_one};

    #[test]
    fn of_every_number_from_one_on_it_is_the_logarithm() {
        for bits in (1.0_f32.to_bits()..f32::INFINITY.to_bits()).chain([f32::NAN.to_bits()]) {
            let x = f32::from_bits(bits);
            assert_eq!(ln_from_one(x).to_bits(), ln(x).to_bits(), "{x}");
        }
    }
}
