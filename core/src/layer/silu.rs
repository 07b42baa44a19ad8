//! The sigmoid linear unit.

use super::elementwise::elementwise_layer;
use kilograd_simd::math::sigmoid;

/// `y = x·σ(x)`, also known as Swish. Source: P. Ramachandran et al., *Searching for activation functions* (2017).
///
/// ```
/// use kilograd::layer::{Layer, Silu};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Silu.forward(&Vector::new([0.0, 1e4, -1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.0, 1e4, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Silu<const N: usize>;

elementwise_layer!(Silu, Silu);

impl<const N: usize> Silu<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = x * sigmoid(*x);
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            let s = sigmoid(*x);
            *dx = dy * (s * (1.0 + x * (1.0 - s)));
        }
    }
}
