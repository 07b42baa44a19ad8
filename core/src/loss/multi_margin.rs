//! The hinge loss of several classes.

use super::Loss;
use crate::error::{Error, Setting};
use crate::tensor::{Vector, count};

/// `Σ max(0, margin − y_label + yⱼ) / N` over all classes j but the label: its score must lead every other by the margin.
/// The derivative of a term that is just 0 is 0. Source: K. Crammer and Y. Singer, *On the algorithmic implementation of
/// multiclass kernel-based vector machines* (2001), in the form of PyTorch's `MultiMarginLoss` with p = 1.
///
/// ```
/// use kilograd::loss::MultiMargin;
///
/// let mut delta = [0.0; 4];
/// assert_eq!(MultiMargin::default().evaluate_slice(&[2.0, 1.5, 0.0, 3.0], 0, &mut delta), Ok((0.5 + 2.0) / 4.0));
/// assert_eq!(delta, [-0.5, 0.25, 0.0, 0.25]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MultiMargin {
    /// By how much the label's score must lead, above 0.
    pub margin: f32,
}

/// A margin of 1.
impl Default for MultiMargin {
    fn default() -> Self {
        Self { margin: 1.0 }
    }
}

impl MultiMargin {
    /// [`Loss::evaluate`] over slices; `delta` is as long as `output`.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] if there is no output number `label`.
    pub fn evaluate_slice(&self, output: &[f32], label: usize, delta: &mut [f32]) -> Result<f32, Error> {
        let out_of_range = Error::LabelOutOfRange { label, classes: output.len() };
        let score = *output.get(label).ok_or(out_of_range)?;
        let share = 1.0 / count(output.len());
        let (mut sum, mut pulled) = (0.0, 0.0);
        for (class, (y, d)) in output.iter().zip(delta.iter_mut()).enumerate() {
            let lag = self.margin - score + y;
            *d = 0.0;
            // Not `lag > 0`: a NaN must show in the loss.
            let leads = class == label || lag <= 0.0;
            if !leads {
                sum += lag;
                *d = share;
                pulled += share;
            }
        }
        *delta.get_mut(label).ok_or(out_of_range)? = -pulled;
        Ok(sum * share)
    }
}

impl<const N: usize> Loss<Vector<N>> for MultiMargin {
    type Target = usize;

    fn evaluate_row(&self, output: &[f32], label: &usize, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, *label, delta)
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Margin.require_positive(self.margin)
    }
}
