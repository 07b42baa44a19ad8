//! Half a cosine down, again and again.

use super::half_cosine::half_cosine;
use super::{Schedule, divide, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Falls along half a cosine from `initial` towards `last`, then starts again from `initial`; the first fall takes `steps`
/// steps, every later one `growth` times as many as the one before.
///
/// Source: I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts* (2017), whose T₀ and T_mult
/// `steps` and `growth` are; PyTorch's `CosineAnnealingWarmRestarts`.
///
/// ```
/// use kilograd::optim::schedule::{CosineRestarts, Schedule};
///
/// let schedule = CosineRestarts { initial: 1.0, last: 0.0, steps: 2, growth: 2 };
/// for (step, rate) in [(0, 1.0), (1, 0.5), (2, 1.0), (4, 0.5), (6, 1.0)] {
///     assert!((schedule.learning_rate(step) - rate).abs() < 1e-6);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CosineRestarts {
    /// The rate that every fall starts from.
    pub initial: f32,
    /// The rate that a fall would end at.
    pub last: f32,
    /// How many steps the first fall takes, at least 1.
    pub steps: u32,
    /// How many times longer each fall is than the one before, at least 1.
    pub growth: u32,
}

impl CosineRestarts {
    /// How many steps the fall of `step` takes, and how many of them lie before it.
    fn fall(&self, mut step: u32) -> (u32, u32) {
        if self.growth <= 1 {
            return (self.steps, divide(step, self.steps).1);
        }
        // The length at least doubles: 32 rounds at most, unless it is 0.
        let mut steps = self.steps.max(1);
        while step >= steps {
            step -= steps;
            let Some(longer) = steps.checked_mul(self.growth) else { return (u32::MAX, step) };
            steps = longer;
        }
        (steps, step)
    }
}

impl Schedule for CosineRestarts {
    fn learning_rate(&self, step: u32) -> f32 {
        let (steps, step) = self.fall(step);
        self.last + (self.initial - self.last) * half_cosine(to_f32(step) / to_f32(steps))
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        require_rate(self.last)?;
        Setting::Steps.require(to_f32(self.steps), self.steps > 0)?;
        Setting::Growth.require_from_one(to_f32(self.growth))
    }
}
