//! Decay with one over the time.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// `η = initial / (1 + decay·t)`: of the schedules here the one that meets both of Robbins and Monro's conditions, Σε = ∞
/// and Σε² < ∞, which are sufficient for stochastic gradient descent to converge.
///
/// Source: H. Robbins and S. Monro (1951); *Deep Learning*, equations 8.12 and 8.13.
///
/// ```
/// use kilograd::optim::schedule::{InverseTime, Schedule};
///
/// let schedule = InverseTime { initial: 1.0, decay: 0.5 };
/// assert_eq!([0, 2, 6].map(|t| schedule.learning_rate(t)), [1.0, 0.5, 0.25]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InverseTime {
    /// The rate of step 0.
    pub initial: f32,
    /// How fast it falls, 0 or more: the rate is halved after 1 / decay steps.
    pub decay: f32,
}

impl Schedule for InverseTime {
    fn learning_rate(&self, step: u32) -> f32 {
        self.initial / (1.0 + self.decay * to_f32(step))
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        Setting::DecayFactor.require_not_negative(self.decay)
    }
}
