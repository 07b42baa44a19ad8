//! The product and sum that every kernel adds up with.

/// `a·b + c`: rounded twice, or with the feature `fused` once. The same bits on every target in either mode.
///
/// ```
/// use kilograd_simd::math::multiply_add;
/// assert_eq!(multiply_add(2.0, 3.0, 4.0), 10.0);
/// // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴, of which an f32 keeps the last digit only beside no other.
/// let (x, square) = (1.000_244_1, 1.000_488_3);
/// assert_eq!(multiply_add(x, x, -square), if cfg!(feature = "fused") { 5.960_464_5e-8 } else { 0.0 });
/// ```
#[inline(always)]
pub fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    #[cfg(feature = "fused")]
    return crate::backend::fma(a, b, c);
    #[cfg(not(feature = "fused"))]
    return a * b + c;
}
