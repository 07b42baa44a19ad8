//! The logistic sigmoid.

use super::elementwise::elementwise_layer;
use kilograd_simd::math::sigmoid;

/// `y = 1 / (1 + e⁻ˣ)`. Source: *Deep Learning*, section 6.3.2. For a probability that a loss is taken of, leave it out and
/// use [`BinaryCrossEntropy`](crate::loss::BinaryCrossEntropy) on the logits.
///
/// ```
/// use kilograd::layer::{Layer, Sigmoid};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Sigmoid.forward(&Vector::new([0.0, 1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.5, 1.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sigmoid<const N: usize>;

elementwise_layer!(Sigmoid, Sigmoid);

impl<const N: usize> Sigmoid<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = sigmoid(*x);
        }
    }

    fn backward_slice(&self, _: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((y, dy), dx) in y.iter().zip(dy).zip(dx) {
            *dx = dy * (y * (1.0 - y));
        }
    }
}
