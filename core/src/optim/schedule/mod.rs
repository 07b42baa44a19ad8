//! Learning-rate schedules, one a file. *State:* none but the step counter that every trainer keeps.
//!
//! A plain `f32` is the constant schedule; only [`Plateau`] remembers more.
//!
//! Robbins and Monro's conditions for convergence, Σε = ∞ and Σε² < ∞ (*Deep Learning*, equations 8.12 and 8.13), are met by
//! [`InverseTime`]. Rates that stay above zero let the steps' noise go on (Σε² = ∞), as does [`InverseSqrt`]; those that
//! fall like [`ExponentialDecay`] or reach zero may stop before a minimum (Σε < ∞).

mod cosine;
mod cosine_restarts;
mod cyclic;
mod exponential;
mod half_cosine;
mod inverse_sqrt;
mod inverse_time;
mod linear;
mod multistep;
mod one_cycle;
mod plateau;
mod polynomial;
mod step;
mod warmup_cosine;

pub use cosine::CosineAnnealing;
pub use cosine_restarts::CosineRestarts;
pub use cyclic::CyclicTriangular;
pub use exponential::ExponentialDecay;
pub use inverse_sqrt::InverseSqrt;
pub use inverse_time::InverseTime;
pub use linear::LinearDecay;
pub use multistep::MultiStepDecay;
pub use one_cycle::{Anneal, OneCycle};
pub use plateau::{Better, Plateau, PlateauDecay, Threshold};
pub use polynomial::PolynomialDecay;
pub use step::StepDecay;
pub use warmup_cosine::WarmupCosine;

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

/// Quotient and remainder; zeros for a divisor of 0.
fn divide(step: u32, by: u32) -> (u32, u32) {
    (step.checked_div(by).unwrap_or_default(), step.checked_rem(by).unwrap_or_default())
}
