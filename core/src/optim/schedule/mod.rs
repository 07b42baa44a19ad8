//! Learning-rate schedules, one a file. *State:* none but the step counter that every trainer keeps.
//!
//! A plain `f32` is the constant schedule.

mod cosine;
mod exponential;
mod linear;
mod step;

pub use cosine::WarmupCosine;
pub use exponential::ExponentialDecay;
pub use linear::LinearDecay;
pub use step::StepDecay;

use crate::error::Error;

/// Says the learning rate of each step.
///
/// ```
/// use kilograd::optim::schedule::Schedule;
///
/// assert_eq!(0.1.learning_rate(7), 0.1);
/// assert!((-0.1).check().is_err());
/// ```
pub trait Schedule {
    /// The learning rate of step number `step`, counted from 0.
    fn learning_rate(&self, step: u32) -> f32;

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::LearningRate`] or [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;
}

impl Schedule for f32 {
    fn learning_rate(&self, _: u32) -> f32 {
        *self
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(*self)
    }
}

impl<S: Schedule> Schedule for &S {
    fn learning_rate(&self, step: u32) -> f32 {
        S::learning_rate(self, step)
    }

    fn check(&self) -> Result<(), Error> {
        S::check(self)
    }
}

/// The largest learning rate: with a gradient of [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT) still a finite step.
pub const LEARNING_RATE_LIMIT: f32 = 1e18;

/// Requires a rate from 0 to the limit; NaN is not.
pub(crate) fn require_rate(rate: f32) -> Result<(), Error> {
    if (0.0..=LEARNING_RATE_LIMIT).contains(&rate) { Ok(()) } else { Err(Error::LearningRate(rate)) }
}
