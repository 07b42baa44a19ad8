//! When a guard steps in, and what it then does.

use crate::error::{Error, Setting};

/// The settings of a [`GuardedTrainer`](super::GuardedTrainer).
///
/// ```
/// use kilograd::train::{Explosion, Guard};
///
/// // Regression whose losses are about 400 while all is well.
/// let guard = Guard { loss: Explosion { factor: 10.0, floor: 400.0 }, ..Guard::DEFAULT };
/// # let _ = guard;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Guard {
    /// From where on a loss has exploded.
    pub loss: Explosion,
    /// From where on the sum of a gradient's magnitudes has.
    pub gradient: Explosion,
    /// What older steps count in the running means when a new one comes, in [0, 1].
    pub fading: f32,
    /// How many bad steps are skipped, before the best network comes back at the next; one is made up for by four good ones.
    pub patience: u32,
    /// What the learning rate is multiplied with when the best network comes back, above 0 and below 1.
    pub back_off: f32,
    /// What the learning rate is multiplied with in every step after, until it is as the schedule says: at least 1.
    pub recovery: f32,
    /// After how many steps the network is looked at, and kept if its running loss is the lowest: at least 1.
    pub interval: u32,
}

/// When a number has exploded: above `factor · max(running mean, floor)`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Explosion {
    /// How many times its mean, at least 1; with [`f32::MAX`] and a floor above 0, never.
    pub factor: f32,
    /// What a mean below counts for, 0 or more: late in training the mean is small, and a hard sample is no explosion.
    pub floor: f32,
}

impl Guard {
    /// For a classifier's cross-entropy: ten times the mean, 10 at least; half the rate, doubled again in 693 steps.
    pub const DEFAULT: Self = Self {
        loss: Explosion { factor: 10.0, floor: 1.0 },
        gradient: Explosion { factor: 100.0, floor: 10.0 },
        fading: 0.99,
        patience: 3,
        back_off: 0.5,
        recovery: 1.001,
        interval: 64,
    };

    pub(super) fn check(&self) -> Result<(), Error> {
        self.loss.check()?;
        self.gradient.check()?;
        Setting::FadingFactor.require(self.fading, (0.0..=1.0).contains(&self.fading))?;
        Setting::BackOff.require(self.back_off, self.back_off > 0.0 && self.back_off < 1.0)?;
        Setting::Growth.require_from_one(self.recovery)?;
        Setting::Interval.require(0.0, self.interval > 0)
    }
}

impl Default for Guard {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Explosion {
    fn check(&self) -> Result<(), Error> {
        Setting::ExplosionFactor.require_from_one(self.factor)?;
        Setting::Floor.require_not_negative(self.floor)
    }

    /// Whether `value` has exploded, where this much is usual; NaN has.
    pub(super) fn holds(&self, value: f32, usual: f32) -> bool {
        let usual = if usual > self.floor { usual } else { self.floor };
        let is_usual = value <= self.factor * usual;
        !is_usual
    }
}
