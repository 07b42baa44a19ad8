//! Mean absolute error.

use super::{Loss, by_element};
use crate::error::Error;
use crate::tensor::{Tensor, Vector};

/// `Σ |yᵢ − tᵢ| / N`: pulls towards the median, where the squared error pulls towards the mean. Its derivative at `yᵢ = tᵢ`
/// is 0. Source: *Deep Learning*, section 6.2.1.1.
///
/// ```
/// use kilograd::loss::MeanAbsoluteError;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(MeanAbsoluteError.evaluate_slice(&[1.0, 2.0], &[4.0, 2.0], &mut delta), Ok(1.5));
/// assert_eq!(delta, [-0.5, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MeanAbsoluteError;

impl MeanAbsoluteError {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target is infinite or NaN.
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        by_element(output, target, delta, f32::is_finite, |y, t| {
            let difference = y - t;
            (difference.abs(), sign(difference))
        })
    }
}

/// −1, 0 or 1; NaN for NaN.
fn sign(x: f32) -> f32 {
    match x {
        x if x > 0.0 => 1.0,
        x if x < 0.0 => -1.0,
        x => x,
    }
}

impl<const N: usize> Loss<Vector<N>> for MeanAbsoluteError {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}
