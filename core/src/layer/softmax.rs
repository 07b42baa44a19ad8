//! Softmax.

use super::elementwise::elementwise_layer;
use kilograd_simd::kernel;

/// `yᵢ = eˣⁱ / Σⱼ eˣʲ`: shares that add up to one. Source: *Deep Learning*, equation 6.29. For probabilities that a loss is
/// taken of, leave it out and use [`CrossEntropy`](crate::loss::CrossEntropy) on the logits; this layer is for what
/// lies inside a network, such as a gate.
///
/// ```
/// use kilograd::layer::{Layer, Softmax};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Softmax.forward(&Vector::new([1e4, 1e4, -1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.5, 0.5, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Softmax<const N: usize>;

elementwise_layer!(Softmax, Softmax);

impl<const N: usize> Softmax<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        kernel::softmax(x, y);
    }

    fn backward_slice(&self, _: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        let mean = kernel::dot(y, dy);
        for ((y, dy), dx) in y.iter().zip(dy).zip(dx) {
            *dx = y * (dy - mean);
        }
    }
}
