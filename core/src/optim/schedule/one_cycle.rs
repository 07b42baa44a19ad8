//! Up once, and down.

use super::half_cosine::half_cosine;
use super::{Schedule, require_rate};
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// Rises from `initial` to `peak` until step `warmup` and falls to `last` until step `total`, then stays; with
/// `three_phase` it comes down to `initial` first, as fast as it rose.
///
/// Source: L. N. Smith and N. Topin, *Super-convergence* (2018). PyTorch's `OneCycleLR` with `total_steps` N ends its phases a
/// step early: `warmup` is its `pct_start·N − 1`, `total` is N − 1, `initial` is `max_lr / div_factor` and `last` is
/// `initial / final_div_factor`.
///
/// ```
/// use kilograd::optim::schedule::{Anneal, OneCycle, Schedule};
///
/// let (anneal, three_phase) = (Anneal::Linear, false);
/// let schedule = OneCycle { initial: 0.5, peak: 1.0, last: 0.0, warmup: 2, total: 6, anneal, three_phase };
/// assert_eq!([0, 1, 2, 4, 6, 9].map(|t| schedule.learning_rate(t)), [0.5, 0.75, 1.0, 0.5, 0.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OneCycle {
    /// The rate of step 0.
    pub initial: f32,
    /// The rate of step `warmup`.
    pub peak: f32,
    /// The rate from step `total` on.
    pub last: f32,
    /// How many steps the rate rises.
    pub warmup: u32,
    /// The step at which the rate has come down: more than `warmup`, with three phases more than twice as much.
    pub total: u32,
    /// The shape of each phase.
    pub anneal: Anneal,
    /// Whether the rate comes down to `initial` before it falls to `last`.
    pub three_phase: bool,
}

/// How a rate goes from one value to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Anneal {
    /// Along half a cosine.
    #[default]
    Cosine,
    /// In a straight line.
    Linear,
}

impl Anneal {
    fn between(self, from: f32, to: f32, share: f32) -> f32 {
        match self {
            Self::Cosine => to + (from - to) * half_cosine(share),
            Self::Linear => (1.0 - share) * from + share * to,
        }
    }
}

impl OneCycle {
    /// The step from which the rate falls to `last`, and the rate that it falls from.
    fn last_fall(&self) -> (u32, f32) {
        if self.three_phase { (self.warmup.saturating_mul(2), self.initial) } else { (self.warmup, self.peak) }
    }
}

impl Schedule for OneCycle {
    fn learning_rate(&self, step: u32) -> f32 {
        let share = |since: u32, until: u32| to_f32(step - since) / to_f32(until.saturating_sub(since));
        let (fall, from) = self.last_fall();
        if step < self.warmup {
            self.anneal.between(self.initial, self.peak, share(0, self.warmup))
        } else if step < fall {
            self.anneal.between(self.peak, self.initial, share(self.warmup, fall))
        } else if step < self.total {
            self.anneal.between(from, self.last, share(fall, self.total))
        } else {
            self.last
        }
    }

    fn check(&self) -> Result<(), Error> {
        require_rate(self.initial)?;
        require_rate(self.peak)?;
        require_rate(self.last)?;
        Setting::Steps.require(to_f32(self.total), self.total > self.last_fall().0)
    }
}
