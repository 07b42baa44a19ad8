//! The book's linear decay.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Falls in a straight line from `initial` to `last` over the first `steps` steps, then stays:
/// `η = (1 − α)·initial + α·last` with `α = min(t, τ) / τ`.
///
/// Source: *Deep Learning*, equation 8.14, whose ε₀, ε_τ and τ these are. The book sets ε_τ to about 1 % of ε₀.
///
/// ```
/// use kilograd::optim::schedule::{LinearDecay, Schedule};
///
/// let schedule = LinearDecay { initial: 1.0, last: 0.5, steps: 4 };
/// assert_eq!([0, 2, 4, 9].map(|t| schedule.learning_rate(t)), [1.0, 0.75, 0.5, 0.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LinearDecay {
    /// The rate of step 0.
    pub initial: f32,
    /// The rate from step `steps` on.
    pub last: f32,
    /// How many steps the way down takes, τ, at least 1.
    pub steps: u32,
}

impl Schedule for LinearDecay {
    fn learning_rate(&self, step: u32) -> f32 {
        let share = to_f32(step.min(self.steps)) / to_f32(self.steps);
        (1.0 - share) * self.initial + share * self.last
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        require_rate(self.last)?;
        Setting::Steps.require(to_f32(self.steps), self.steps > 0)
    }
}
