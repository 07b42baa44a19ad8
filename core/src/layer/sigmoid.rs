//! The logistic sigmoid.

use super::elementwise::in_place_layer;
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

in_place_layer!(Sigmoid, Sigmoid, crate::layer::ELEMENT_COST);

impl<const N: usize> Sigmoid<N> {
    fn activate_slice(&self, values: &mut [f32]) {
        values.iter_mut().for_each(|x| *x = sigmoid(*x));
    }

    fn pull_back_slice(&self, y: &[f32], deltas: &mut [f32]) {
        for (y, d) in y.iter().zip(deltas) {
            *d *= y * (1.0 - y);
        }
    }
}
