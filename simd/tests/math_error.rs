//! The largest errors of the elementary functions, in units in the last place, against `f64`.
//!
//! `cargo test --release -p kilograd-simd --test math_error -- --nocapture` prints them.

use kilograd_simd::backend::{Level, force};
use kilograd_simd::kernel;
use kilograd_simd::math::{erfc, exp, exp_m1, ln, sigmoid, softplus, sqrt, tanh};

/// Between two bit patterns that are tried; a prime, so that all parts of a float vary.
const STRIDE: usize = 997;

/// The distance between neighbouring f32 at `exact`: at least the subnormals', and that of the largest f32 past it.
fn ulp(exact: f64) -> f64 {
    let exponent = (exact.abs().to_bits() >> 52) as i32 - 1023;
    2.0_f64.powi(exponent.clamp(-126, 127) - 23)
}

/// |got − exact| in units in the last place; infinite results count as right where the exact one rounds to infinity.
fn error(got: f32, exact: f64) -> f64 {
    if got.is_nan() || exact.is_nan() {
        return if got.is_nan() == exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if f64::from(got) == exact || got == exact as f32 {
        // Within half a unit, which is as good as a result can be.
        return 0.0;
    }
    (f64::from(got) - exact).abs() / ulp(exact)
}

fn largest_error(name: &str, function: fn(f32) -> f32, exact: fn(f64) -> f64, bound: f64) {
    largest_error_of_every(STRIDE, name, function, exact, bound);
}

/// Tries every `stride`th float, prints the worst, and holds it against the bound stated in the documentation of `math`.
fn largest_error_of_every(stride: usize, name: &str, function: fn(f32) -> f32, exact: fn(f64) -> f64, bound: f64) {
    let mut worst = (0.0, 0.0_f32);
    for bits in (0..=u32::MAX).step_by(stride) {
        let x = f32::from_bits(bits);
        let error = error(function(x), exact(f64::from(x)));
        if error > worst.0 {
            worst = (error, x);
        }
    }
    println!("{name}: {:.3} ULP at {:e}", worst.0, worst.1);
    assert!(worst.0 <= bound, "{name}: {} ULP at {:e}, more than the {bound} it states", worst.0, worst.1);
}

#[test]
fn a_nan_is_the_largest_error() {
    assert_eq!(error(f32::NAN, 1.0), f64::INFINITY);
    assert_eq!(error(1.0, f64::NAN), f64::INFINITY);
}

/// A function, its exact value, and the error that is stated for it.
type Stated = (&'static str, fn(f32) -> f32, fn(f64) -> f64, f64);

const EXP: Stated = ("exp", exp, f64::exp, 1.0);
const TANH: Stated = ("tanh", tanh, f64::tanh, 1.5);
const SIGMOID: Stated = ("sigmoid", sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 2.5);

#[test]
fn errors_of_exp_tanh_and_sigmoid() {
    for (name, function, exact, bound) in [EXP, TANH, SIGMOID] {
        largest_error(name, function, exact, bound);
    }
}

#[test]
#[ignore = "some minutes: cargo test --release -p kilograd-simd --test math_error -- --ignored --nocapture"]
fn errors_of_exp_tanh_and_sigmoid_over_every_float() {
    for (name, function, exact, bound) in [EXP, TANH, SIGMOID] {
        largest_error_of_every(1, name, function, exact, bound);
    }
}

/// The functions of slices are those of numbers, bit for bit but for which NaN, on every level.
fn slices_agree(stride: usize) {
    type Function = (fn(&mut [f32]), fn(f32) -> f32);
    let functions: [Function; 3] = [(kernel::exp, exp), (kernel::tanh, tanh), (kernel::sigmoid, sigmoid)];
    let levels: Vec<Level> = Level::ALL.into_iter().filter(|level| force(*level) == *level).collect();
    for first in (0..=u32::MAX).step_by(1024 * stride) {
        let input: Vec<f32> = (0..1024).map(|i| f32::from_bits(first.wrapping_add(i * stride as u32))).collect();
        for (of_slice, of_number) in functions {
            let want: Vec<f32> = input.iter().map(|x| of_number(*x)).collect();
            for level in &levels {
                force(*level);
                let mut output = input.clone();
                of_slice(&mut output);
                for ((x, y), want) in input.iter().zip(output).zip(&want) {
                    assert!(
                        y.to_bits() == want.to_bits() || y.is_nan() && want.is_nan(),
                        "{level:?}: {y:e} of {x:e}, not {want:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn slices_agree_with_numbers() {
    slices_agree(STRIDE);
}

#[test]
#[ignore = "some minutes: cargo test --release -p kilograd-simd --test math_error -- --ignored"]
fn slices_agree_with_every_number() {
    slices_agree(1);
}

#[test]
fn sqrt_error() {
    largest_error("sqrt", sqrt, f64::sqrt, 0.5);
}

#[test]
fn ln_error() {
    largest_error("ln", ln, f64::ln, 1.0);
}

#[test]
fn exp_m1_error() {
    largest_error("exp_m1", exp_m1, f64::exp_m1, 1.0);
}

#[test]
fn erfc_error() {
    largest_error("erfc", erfc, libm::erfc, 3.0);
}

#[test]
fn softplus_error() {
    largest_error("softplus", softplus, |x| x.max(0.0) + (-x.abs()).exp().ln_1p(), 2.0);
}
