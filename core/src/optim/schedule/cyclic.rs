//! Up and down, again and again.

use super::{Schedule, divide, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Rises in a straight line from `low` to `high` over `steps` steps, falls the same way, and so on.
///
/// Source: L. N. Smith, *Cyclical learning rates for training neural networks* (2017), the triangular policy; PyTorch's
/// `CyclicLR`.
///
/// ```
/// use kilograd::optim::schedule::{CyclicTriangular, Schedule};
///
/// let schedule = CyclicTriangular { low: 0.0, high: 1.0, steps: 4 };
/// assert_eq!([0, 1, 4, 7, 8].map(|t| schedule.learning_rate(t)), [0.0, 0.25, 1.0, 0.25, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CyclicTriangular {
    /// The rate of step 0.
    pub low: f32,
    /// The rate of step `steps`.
    pub high: f32,
    /// How many steps half a cycle takes, at least 1.
    pub steps: u32,
}

impl Schedule for CyclicTriangular {
    fn learning_rate(&self, step: u32) -> f32 {
        let (half, step) = divide(step, self.steps);
        let share = to_f32(step) / to_f32(self.steps);
        let share = if half & 1 == 0 { share } else { 1.0 - share };
        (1.0 - share) * self.low + share * self.high
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.low)?;
        require_rate(self.high)?;
        Setting::Steps.require(to_f32(self.steps), self.steps > 0)
    }
}
