//! No activation.

use super::elementwise::elementwise_layer;

/// `y = x`.
///
/// ```
/// use kilograd::layer::{Identity, Layer};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Identity.forward(&Vector::new([1.0, -2.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([1.0, -2.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Identity<const N: usize>;

elementwise_layer!(Identity, Identity);

impl<const N: usize> Identity<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = *x;
        }
    }

    fn backward_slice(&self, _: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        self.forward_slice(dy, dx);
    }
}
