//! Huber's loss.

use super::{Loss, by_element};
use crate::error::{Error, Setting};
use crate::tensor::{Tensor, Vector};

/// Huber's loss: with `e = yᵢ − tᵢ` the mean of `e²/2` where `|e| ≤ δ`, of `δ·(|e| − δ/2)` beyond, so that an outlier pulls no
/// harder than δ. Source: P. Huber, *Robust estimation of a location parameter* (1964). [`SmoothL1`](super::SmoothL1) is the
/// same divided by δ.
///
/// ```
/// use kilograd::loss::Huber;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(Huber { delta: 2.0 }.evaluate_slice(&[1.0, 10.0], &[0.0, 0.0], &mut delta), Ok((0.5 + 18.0) / 2.0));
/// assert_eq!(delta, [0.5, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Huber {
    /// The error from which the loss is linear, δ, above 0.
    pub delta: f32,
}

/// δ = 1, as in PyTorch.
impl Default for Huber {
    fn default() -> Self {
        Self { delta: 1.0 }
    }
}

impl Huber {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target is infinite or NaN.
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        let bound = self.delta;
        by_element(output, target, delta, f32::is_finite, |y, t| match y - t {
            e if e > bound => (bound * (e - 0.5 * bound), bound),
            e if e < -bound => (bound * (-e - 0.5 * bound), -bound),
            e => (0.5 * e * e, e),
        })
    }
}

impl<const N: usize> Loss<Vector<N>> for Huber {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Threshold.require_positive(self.delta)
    }
}
