//! The smooth rectifier.

use super::elementwise::elementwise_layer;
use kilograd_simd::math::{sigmoid, softplus};

/// `y = ln(1 + eˣ)`. Source: *Deep Learning*, section 6.3.3.
///
/// ```
/// use kilograd::layer::{Layer, Softplus};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Softplus.forward(&Vector::new([1e4, -1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([1e4, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Softplus<const N: usize>;

elementwise_layer!(Softplus, Softplus);

impl<const N: usize> Softplus<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = softplus(*x);
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = dy * sigmoid(*x);
        }
    }
}
