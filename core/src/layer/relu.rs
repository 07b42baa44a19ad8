//! The rectified linear unit.

use super::elementwise::elementwise_layer;
use kilograd_simd::kernel;

/// `y = max(x, 0)`; its derivative at 0 is 0, as in PyTorch. Source: *Deep Learning*, section 6.3.1.
///
/// ```
/// use kilograd::layer::{Layer, Relu};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Relu.forward(&Vector::new([1.0, -2.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([1.0, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Relu<const N: usize>;

elementwise_layer!(Relu, Relu);

impl<const N: usize> Relu<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        kernel::relu(x, y);
    }

    fn backward_slice(&self, _: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        kernel::relu_backward(y, dy, dx);
    }
}
