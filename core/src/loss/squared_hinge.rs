//! The squared hinge loss.

use super::{Loss, by_element};
use crate::error::Error;
use crate::tensor::{Tensor, Vector};

/// A margin for signs: the mean of `max(0, 1 − tᵢ·yᵢ)²`. [`Hinge`](super::Hinge) without its kink: each output is a score of its own, each target −1 or 1.
/// Source: C. Cortes and V. Vapnik, *Support-vector networks* (1995).
///
/// ```
/// use kilograd::loss::SquaredHinge;
///
/// let mut delta = [0.0; 2];
/// assert_eq!(SquaredHinge.evaluate_slice(&[2.5, 4.0], &[-1.0, 1.0], &mut delta), Ok(6.125));
/// assert_eq!(delta, [3.5, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SquaredHinge;

impl SquaredHinge {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target is neither −1 nor 1.
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        by_element(
            output,
            target,
            delta,
            |t| t.abs() == 1.0,
            |y, t| match 1.0 - t * y {
                margin if margin <= 0.0 => (0.0, 0.0),
                margin => (margin * margin, -2.0 * t * margin),
            },
        )
    }
}

impl<const N: usize> Loss<Vector<N>> for SquaredHinge {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}
