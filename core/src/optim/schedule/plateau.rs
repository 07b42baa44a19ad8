//! Decay when a metric no longer improves.

use super::{Schedule, require_rate};
use crate::error::{Error, Setting};

/// Multiplies the rate by a factor when a metric has not improved for a while (PyTorch's `ReduceLROnPlateau`).
/// *State:* 16 bytes, which are no part of a network's memory.
///
/// The only schedule that does not follow from the step: a trainer keeps it like any other, and
/// [`Trainer::schedule_mut`](crate::train::Trainer::schedule_mut) reaches it to [`observe`](Plateau::observe) a metric.
///
/// ```
/// use kilograd::optim::schedule::{Plateau, PlateauDecay};
/// use kilograd::prelude::*;
///
/// let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
/// let schedule = Plateau::new(PlateauDecay { factor: 0.5, patience: 1, ..PlateauDecay::new(0.2) });
/// let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, schedule)?;
/// for (loss, rate) in [(3.0, 0.2), (2.0, 0.2), (2.0, 0.2), (2.5, 0.1)] {
///     trainer.schedule_mut().observe(loss);
///     assert_eq!(trainer.learning_rate(), rate);
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Plateau {
    settings: PlateauDecay,
    pub(crate) rate: f32,
    pub(crate) best: Option<f32>,
    pub(crate) waited: u32,
    pub(crate) resting: u32,
}

/// The settings of a [`Plateau`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlateauDecay {
    /// The rate at the start.
    pub initial: f32,
    /// What the rate is multiplied with, in [0, 1).
    pub factor: f32,
    /// How many metrics in a row need not improve.
    pub patience: u32,
    /// How many metrics after a fall are not counted.
    pub cooldown: u32,
    /// The rate that is never fallen below.
    pub last: f32,
    /// Which metrics improve.
    pub better: Better,
    /// By how much, at least.
    pub threshold: Threshold,
}

/// Which of two metrics is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Better {
    /// The lower one: a loss.
    #[default]
    Lower,
    /// The higher one: an accuracy.
    Higher,
}

/// By how much a metric must beat the best one, 0 or more.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Threshold {
    /// By this share of the best one.
    Relative(f32),
    /// By this much.
    Absolute(f32),
}

/// A fall by no more than this is left out, as in PyTorch.
const LEAST_FALL: f32 = 1e-8;

impl PlateauDecay {
    /// PyTorch's defaults: a tenth of the rate after ten losses that are not lower by 10⁻⁴ of the lowest.
    pub const fn new(initial: f32) -> Self {
        let threshold = Threshold::Relative(1e-4);
        Self { initial, factor: 0.1, patience: 10, cooldown: 0, last: 0.0, better: Better::Lower, threshold }
    }

    fn improves(&self, metric: f32, best: f32) -> bool {
        let margin = match self.threshold {
            Threshold::Relative(share) => share * best,
            Threshold::Absolute(margin) => margin,
        };
        match self.better {
            Better::Lower => metric < best - margin,
            Better::Higher => metric > best + margin,
        }
    }
}

impl Plateau {
    /// At the initial rate, nothing observed yet.
    pub const fn new(settings: PlateauDecay) -> Self {
        Self { settings, rate: settings.initial, best: None, waited: 0, resting: 0 }
    }

    /// Takes a metric, of an epoch say, and says whether the rate fell. NaN is no improvement.
    pub fn observe(&mut self, metric: f32) -> bool {
        let improved = self.best.map_or(!metric.is_nan(), |best| self.settings.improves(metric, best));
        if improved {
            self.best = Some(metric);
        }
        let resting = self.resting > 0;
        self.resting = self.resting.saturating_sub(1);
        self.waited = if improved || resting { 0 } else { self.waited.saturating_add(1) };
        if self.waited <= self.settings.patience {
            return false;
        }
        self.waited = 0;
        self.resting = self.settings.cooldown;
        self.fall()
    }

    fn fall(&mut self) -> bool {
        let lower = self.rate * self.settings.factor;
        let lower = if lower < self.settings.last { self.settings.last } else { lower };
        let falls = self.rate - lower > LEAST_FALL;
        if falls {
            self.rate = lower;
        }
        falls
    }
}

impl Schedule for Plateau {
    fn learning_rate(&self, _: u32) -> f32 {
        self.rate
    }

    fn check(&self) -> Result<(), Error> {
        let PlateauDecay { initial, factor, last, threshold, .. } = self.settings;
        require_rate(initial)?;
        require_rate(last)?;
        Setting::DecayFactor.require(factor, (0.0..1.0).contains(&factor))?;
        let (Threshold::Relative(margin) | Threshold::Absolute(margin)) = threshold;
        Setting::Improvement.require_not_negative(margin)
    }
}
