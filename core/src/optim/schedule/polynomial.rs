//! Polynomial decay.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Falls to zero over `steps` steps, then stays: `η = initial·(1 − min(t, steps) / steps)^power` (PyTorch's `PolynomialLR`).
///
/// ```
/// use kilograd::optim::schedule::{PolynomialDecay, Schedule};
///
/// let schedule = PolynomialDecay { initial: 1.0, steps: 4, power: 2.0 };
/// assert_eq!([0, 2, 4, 9].map(|t| schedule.learning_rate(t)), [1.0, 0.25, 0.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PolynomialDecay {
    /// The rate of step 0.
    pub initial: f32,
    /// How many steps the way down takes, at least 1.
    pub steps: u32,
    /// The power, above 0: 1 for a straight line, more for a curve that falls early.
    pub power: f32,
}

impl Schedule for PolynomialDecay {
    fn learning_rate(&self, step: u32) -> f32 {
        let left = to_f32(self.steps.saturating_sub(step)) / to_f32(self.steps);
        self.initial * libm::powf(left, self.power)
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        Setting::Power.require_positive(self.power)?;
        Setting::Steps.require(to_f32(self.steps), self.steps > 0)
    }
}
