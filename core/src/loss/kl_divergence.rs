//! The Kullback-Leibler divergence.

use super::{Loss, of_probabilities};
use crate::error::Error;
use crate::tensor::{Tensor, Vector};
use kilograd_simd::math::ln;

/// `Σ tⱼ·ln (tⱼ / softmax(y)ⱼ)`, the divergence of the softmax of the outputs from a distribution t: [`SoftCrossEntropy`]
/// less the entropy of t, so that it is 0 where nothing is left to learn; a target of 0 contributes 0. The gradient is
/// `softmax(y)·Σt − t`. Source: *Deep Learning*, equation 3.50.
///
/// ```
/// use kilograd::loss::KlDivergence;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(KlDivergence.evaluate_slice(&[3.0, 3.0], &[0.5, 0.5], &mut delta), Ok(0.0));
/// assert_eq!(delta, [0.0, 0.0]);
/// ```
///
/// [`SoftCrossEntropy`]: super::SoftCrossEntropy
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KlDivergence;

impl KlDivergence {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target lies outside [0, 1].
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        of_probabilities(output, target, delta, |t, negative_log| if t > 0.0 { t * (ln(t) + negative_log) } else { 0.0 })
    }
}

impl<const N: usize> Loss<Vector<N>> for KlDivergence {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}
