//! Step decay.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Multiplies the rate by `factor` after every `every` steps: `η = initial · factor^⌊t / every⌋` (PyTorch's `StepLR`).
///
/// ```
/// use kilograd::optim::schedule::{Schedule, StepDecay};
///
/// let schedule = StepDecay { initial: 1.0, factor: 0.5, every: 10 };
/// assert_eq!([9, 10, 25].map(|t| schedule.learning_rate(t)), [1.0, 0.5, 0.25]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StepDecay {
    /// The rate of the first `every` steps.
    pub initial: f32,
    /// What the rate is multiplied with, 0 or more.
    pub factor: f32,
    /// How many steps one rate lasts, at least 1.
    pub every: u32,
}

impl Schedule for StepDecay {
    fn learning_rate(&self, step: u32) -> f32 {
        let falls = step.checked_div(self.every).unwrap_or_default();
        self.initial * libm::powf(self.factor, to_f32(falls))
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        Setting::DecayFactor.require_not_negative(self.factor)?;
        Setting::Steps.require(to_f32(self.every), self.every > 0)
    }
}
