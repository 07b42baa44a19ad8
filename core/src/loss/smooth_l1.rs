//! The smooth absolute error.

use super::{Loss, by_element};
use crate::error::{Error, Setting};
use crate::tensor::{Tensor, Vector};

/// With `e = yᵢ − tᵢ` the mean of `e²/(2β)` where `|e| < β`, of `|e| − β/2` beyond: [`MeanAbsoluteError`] without its kink.
/// Source: R. Girshick, *Fast R-CNN* (2015).
///
/// ```
/// use kilograd::loss::SmoothL1;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(SmoothL1 { beta: 2.0 }.evaluate_slice(&[1.0, 10.0], &[0.0, 0.0], &mut delta), Ok((0.25 + 9.0) / 2.0));
/// assert_eq!(delta, [0.25, 0.5]);
/// ```
///
/// [`MeanAbsoluteError`]: super::MeanAbsoluteError
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SmoothL1 {
    /// The error from which the loss is linear, β, above 0.
    pub beta: f32,
}

/// β = 1, as in PyTorch.
impl Default for SmoothL1 {
    fn default() -> Self {
        Self { beta: 1.0 }
    }
}

impl SmoothL1 {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target is infinite or NaN.
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        let beta = self.beta;
        by_element(output, target, delta, f32::is_finite, |y, t| match y - t {
            e if e >= beta => (e - 0.5 * beta, 1.0),
            e if e <= -beta => (-e - 0.5 * beta, -1.0),
            e => (0.5 * e * e / beta, e / beta),
        })
    }
}

impl<const N: usize> Loss<Vector<N>> for SmoothL1 {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Threshold.require_positive(self.beta)
    }
}
