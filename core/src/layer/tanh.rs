//! The hyperbolic tangent.

use super::elementwise::in_place_layer;
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

in_place_layer!(Tanh, Tanh, crate::layer::ELEMENT_COST);

impl<const N: usize> Tanh<N> {
    fn activate_slice(&self, values: &mut [f32]) {
        values.iter_mut().for_each(|x| *x = tanh(*x));
    }

    fn pull_back_slice(&self, y: &[f32], deltas: &mut [f32]) {
        for (y, d) in y.iter().zip(deltas) {
            *d *= 1.0 - y * y;
        }
    }
}
