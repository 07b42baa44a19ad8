//! Mean squared error.

use super::{Loss, by_element};
use crate::error::Error;
use crate::tensor::{Tensor, Vector};

/// `Σ (yᵢ − tᵢ)² / N`. Source: *Deep Learning*, equation 5.4.
///
/// ```
/// use kilograd::loss::MeanSquaredError;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(MeanSquaredError.evaluate_slice(&[1.0, 2.0], &[0.0, 0.0], &mut delta), Ok(2.5));
/// assert_eq!(delta, [1.0, 2.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MeanSquaredError;

impl MeanSquaredError {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target is infinite or NaN.
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        by_element(output, target, delta, f32::is_finite, |y, t| {
            let difference = y - t;
            (difference * difference, 2.0 * difference)
        })
    }
}

impl<const N: usize> Loss<Vector<N>> for MeanSquaredError {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}
