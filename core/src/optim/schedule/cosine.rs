//! Half a cosine down, and up again.

use super::half_cosine::half_cosine;
use super::{Schedule, divide, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Falls along half a cosine from `initial` to `last` over `steps` steps, rises the same way, and so on:
/// `η = last + (initial − last)·(1 + cos(π·t / steps)) / 2`.
///
/// The closed form of PyTorch's `CosineAnnealingLR`. For a rate that stays down see
/// [`WarmupCosine`](super::WarmupCosine), with a warm-up of 0.
///
/// ```
/// use kilograd::optim::schedule::{CosineAnnealing, Schedule};
///
/// let schedule = CosineAnnealing { initial: 1.0, last: 0.0, steps: 4 };
/// for (step, rate) in [(0, 1.0), (2, 0.5), (4, 0.0), (6, 0.5), (8, 1.0)] {
///     assert!((schedule.learning_rate(step) - rate).abs() < 1e-6);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CosineAnnealing {
    /// The rate of step 0.
    pub initial: f32,
    /// The rate of step `steps`.
    pub last: f32,
    /// How many steps the way down takes, at least 1.
    pub steps: u32,
}

impl Schedule for CosineAnnealing {
    fn learning_rate(&self, step: u32) -> f32 {
        let (half, step) = divide(step, self.steps);
        let share = to_f32(step) / to_f32(self.steps);
        let share = if half & 1 == 0 { share } else { 1.0 - share };
        self.last + (self.initial - self.last) * half_cosine(share)
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        require_rate(self.last)?;
        Setting::Steps.require(to_f32(self.steps), self.steps > 0)
    }
}
