//! Decay with one over the root of the time.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;
use kilograd_simd::math::sqrt;

/// `η = initial / √(1 + decay·t)`: the rate at which the excess error of a convex problem falls, O(1/√t) (*Deep Learning*,
/// section 8.3.1).
///
/// ```
/// use kilograd::optim::schedule::{InverseSqrt, Schedule};
///
/// let schedule = InverseSqrt { initial: 1.0, decay: 1.0 };
/// assert_eq!([0, 3, 15].map(|t| schedule.learning_rate(t)), [1.0, 0.5, 0.25]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InverseSqrt {
    /// The rate of step 0.
    pub initial: f32,
    /// How fast it falls, 0 or more: the rate is halved after 3 / decay steps.
    pub decay: f32,
}

impl Schedule for InverseSqrt {
    fn learning_rate(&self, step: u32) -> f32 {
        self.initial / sqrt(1.0 + self.decay * to_f32(step))
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        Setting::DecayFactor.require_not_negative(self.decay)
    }
}
