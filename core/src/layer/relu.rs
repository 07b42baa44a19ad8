//! The rectified linear unit.

use super::elementwise::in_place_layer;
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

in_place_layer!(Relu, Relu, 1);

impl<const N: usize> Relu<N> {
    fn activate_slice(&self, values: &mut [f32]) {
        kernel::relu(values);
    }

    fn pull_back_slice(&self, y: &[f32], deltas: &mut [f32]) {
        kernel::relu_backward(y, deltas);
    }
}
