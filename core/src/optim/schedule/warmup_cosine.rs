//! Warm-up, then half a cosine down.

use super::half_cosine::half_cosine;
use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Rises in a straight line from `initial` to `peak` over `warmup` steps, falls along half a cosine to `last` until step
/// `total`, then stays (optax' `warmup_cosine_decay_schedule`; the cosine: I. Loshchilov and F. Hutter, *SGDR*, 2017).
///
/// ```
/// use kilograd::optim::schedule::{Schedule, WarmupCosine};
///
/// let schedule = WarmupCosine { initial: 0.0, peak: 1.0, last: 0.0, warmup: 4, total: 12 };
/// for (step, rate) in [(0, 0.0), (2, 0.5), (4, 1.0), (8, 0.5), (12, 0.0), (20, 0.0)] {
///     assert!((schedule.learning_rate(step) - rate).abs() < 1e-6);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WarmupCosine {
    /// The rate of step 0 (if there is a warm-up).
    pub initial: f32,
    /// The rate of step `warmup`.
    pub peak: f32,
    /// The rate from step `total` on.
    pub last: f32,
    /// How many steps the rate rises.
    pub warmup: u32,
    /// The step at which the rate has come down, more than `warmup`.
    pub total: u32,
}

impl Schedule for WarmupCosine {
    fn learning_rate(&self, step: u32) -> f32 {
        if step < self.warmup {
            return self.initial + (self.peak - self.initial) * to_f32(step) / to_f32(self.warmup);
        }
        let fall = self.total.saturating_sub(self.warmup);
        let share = to_f32((step - self.warmup).min(fall)) / to_f32(fall);
        self.last + (self.peak - self.last) * half_cosine(share)
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        require_rate(self.peak)?;
        require_rate(self.last)?;
        Setting::Steps.require(to_f32(self.total), self.total > self.warmup)
    }
}
