//! The hyperbolic tangent.

use super::elementwise::elementwise_layer;
use kilograd_simd::math::tanh;

/// `y = tanh x`. Source: *Deep Learning*, section 6.3.2.
///
/// ```
/// use kilograd::layer::{Layer, Tanh};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Tanh.forward(&Vector::new([0.0, -1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.0, -1.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tanh<const N: usize>;

elementwise_layer!(Tanh, Tanh);

impl<const N: usize> Tanh<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = tanh(*x);
        }
    }

    fn backward_slice(&self, _: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((y, dy), dx) in y.iter().zip(dy).zip(dx) {
            *dx = dy * (1.0 - y * y);
        }
    }
}
