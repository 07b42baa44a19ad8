//! Cross-entropy with probabilities for targets.

use super::{Loss, of_probabilities};
use crate::error::Error;
use crate::tensor::{Tensor, Vector};

/// Cross-entropy of the softmax of the outputs with a distribution t, `−Σ tⱼ·ln softmax(y)ⱼ`; the gradient is
/// `softmax(y)·Σt − t`. For targets that are another network's probabilities, or are themselves uncertain. Source: *Deep
/// Learning*, section 6.2.2.3; [`CrossEntropy`](super::CrossEntropy) takes a label.
///
/// ```
/// use kilograd::loss::SoftCrossEntropy;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(SoftCrossEntropy.evaluate_slice(&[1e4, -1e4], &[0.25, 0.75], &mut delta), Ok(1.5e4));
/// assert_eq!(delta, [0.75, -0.75]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SoftCrossEntropy;

impl SoftCrossEntropy {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target lies outside [0, 1].
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        of_probabilities(output, target, delta, |t, negative_log| t * negative_log)
    }
}

impl<const N: usize> Loss<Vector<N>> for SoftCrossEntropy {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}
