//! Elementary functions with one definition for every target: the same bits everywhere.
//!
//! | function | largest error | where |
//! |---|---|---|
//! | [`exp`] | 1 ULP | every f32 (subnormal results included) |
//! | [`tanh`] | 1.5 ULP | every f32 |
//! | [`sigmoid`] | 2.5 ULP | every f32 (subnormal results included) |
//! | [`sqrt`] | correctly rounded | every f32 |
//! | [`ln`] | 1 ULP | every f32; `libm`'s |
//! | [`exp_m1`] | 1 ULP | every f32; `libm`'s |
//! | [`erfc`] | 3 ULP | every f32; `libm`'s |
//! | [`softplus`] | 2 ULP | every f32 (subnormal results included) |
//!
//! `cargo test --release -p kilograd-simd --test math_error -- --nocapture` prints the errors that were met, against `f64`; with
//! `--ignored` those over every f32: 0.990 ULP of `exp` (at 70.4031), 1.330 of `tanh` (at 0.62830955), 2.402 of
//! `sigmoid` (at −4.157294).

pub(crate) mod exp;
pub(crate) mod ln;
mod multiply_add;
mod sigmoid;
mod softplus;
pub(crate) mod tanh;

pub use exp::exp;
pub use ln::ln;
pub use multiply_add::multiply_add;
pub use sigmoid::sigmoid;
pub use softplus::softplus;
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

/// `eˣ − 1`, which keeps its digits where `x` is small (`libm`'s, the same on every target).
///
/// ```
/// assert_eq!(kilograd_simd::math::exp_m1(1e-20), 1e-20);
/// ```
#[inline]
pub fn exp_m1(x: f32) -> f32 {
    libm::expm1f(x)
}

/// The complementary error function, `2/√π · ∫ e^−t² dt` from `x` to infinity (`libm`'s, the same on every target).
///
/// ```
/// assert_eq!(kilograd_simd::math::erfc(0.0), 1.0);
/// ```
#[inline]
pub fn erfc(x: f32) -> f32 {
    libm::erfcf(x)
}
