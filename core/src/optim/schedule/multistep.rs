//! Decay at given steps.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::count;

/// Multiplies the rate by `factor` at each of `milestones`: `η = initial · factorᵏ`, k of them being at or before the step
/// (PyTorch's `MultiStepLR`). *Memory:* 4 bytes a milestone.
///
/// ```
/// use kilograd::optim::schedule::{MultiStepDecay, Schedule};
///
/// let schedule = MultiStepDecay { initial: 1.0, factor: 0.5, milestones: [10, 15] };
/// assert_eq!([9, 10, 15].map(|t| schedule.learning_rate(t)), [1.0, 0.5, 0.25]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MultiStepDecay<const N: usize> {
    /// The rate of step 0 (unless it is a milestone).
    pub initial: f32,
    /// What the rate is multiplied with, 0 or more.
    pub factor: f32,
    /// The steps at which it is, in any order.
    pub milestones: [u32; N],
}

impl<const N: usize> Schedule for MultiStepDecay<N> {
    fn learning_rate(&self, step: u32) -> f32 {
        let falls = self.milestones.iter().filter(|milestone| **milestone <= step).count();
        self.initial * libm::powf(self.factor, count(falls))
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        Setting::DecayFactor.require_not_negative(self.factor)
    }
}
