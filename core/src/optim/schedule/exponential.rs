//! Exponential decay.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Multiplies the rate by `factor` after each step: `η = initial · factorᵗ` (PyTorch's `ExponentialLR`).
///
/// ```
/// use kilograd::optim::schedule::{ExponentialDecay, Schedule};
///
/// let schedule = ExponentialDecay { initial: 1.0, factor: 0.5 };
/// assert_eq!([0, 1, 3].map(|t| schedule.learning_rate(t)), [1.0, 0.5, 0.125]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExponentialDecay {
    /// The rate of step 0.
    pub initial: f32,
    /// What the rate is multiplied with, 0 or more.
    pub factor: f32,
}

impl Schedule for ExponentialDecay {
    fn learning_rate(&self, step: u32) -> f32 {
        self.initial * libm::powf(self.factor, to_f32(step))
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        Setting::DecayFactor.require_not_negative(self.factor)
    }
}
