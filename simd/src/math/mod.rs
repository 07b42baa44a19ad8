//! Elementary functions with one definition for every target: the same bits everywhere.
//!
//! | function | largest error | where |
//! |---|---|---|
//! | [`exp`] | 1 ULP | every f32 (subnormal results included) |
//! | [`tanh`] | 1.5 ULP | every f32 |
//! | [`sigmoid`] | 2.5 ULP | every f32 (subnormal results included) |
//! | [`sqrt`] | correctly rounded | every f32 |
//! | [`ln`] | 1 ULP | every f32; `libm`'s |
//!
//! `cargo test --release -p kilograd-simd --test math_error -- --nocapture` prints these errors, against `f64`.

pub(crate) mod exp;
mod sigmoid;
pub(crate) mod tanh;

pub use exp::exp;
pub use sigmoid::sigmoid;
pub use tanh::tanh;

/// The square root, correctly rounded: VSQRT on Cortex-M with a floating-point unit, `libm` elsewhere.
///
/// ```
/// assert_eq!(kilograd_simd::math::sqrt(2.0), 2.0_f32.sqrt());
/// ```
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    crate::backend::sqrt(x)
}

/// The natural logarithm (`libm`'s, the same on every target).
///
/// ```
/// assert_eq!(kilograd_simd::math::ln(1.0), 0.0);
/// ```
#[inline]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}
