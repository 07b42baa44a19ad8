//! The Gaussian error linear unit.

use super::elementwise::elementwise_layer;
use kilograd_simd::math::{erfc, exp};

/// `1/√2`.
const ROOT_HALF: f32 = core::f32::consts::FRAC_1_SQRT_2;
/// `1/√(2π)`.
const PEAK: f32 = 0.398_942_3;

/// `y = x·Φ(x)`, Φ the normal distribution's cumulative function, `erfc(−x/√2)/2`: PyTorch's default form. Source:
/// D. Hendrycks and K. Gimpel, *Gaussian error linear units* (2016). [`GeluTanh`](super::GeluTanh) costs less.
///
/// ```
/// use kilograd::layer::{Gelu, Layer};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Gelu.forward(&Vector::new([0.0, 1e20, -1e20]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.0, 1e20, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gelu<const N: usize>;

elementwise_layer!(Gelu, Gelu);

impl<const N: usize> Gelu<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = x * cumulative(*x);
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = dy * (cumulative(*x) + x * (PEAK * exp(-0.5 * x * x)));
        }
    }
}

/// Φ, from the complement, which keeps its digits on the left, where `1 + erf` would cancel.
fn cumulative(x: f32) -> f32 {
    0.5 * erfc(-ROOT_HALF * x)
}
