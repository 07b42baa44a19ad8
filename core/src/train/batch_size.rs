//! How many samples a step takes.

use crate::error::{Error, Setting};
use crate::tensor::count;

/// Says the batch size of each step. A plain `usize` is a constant one.
///
/// ```
/// use kilograd::train::BatchSize;
///
/// assert_eq!(16.batch_size(7), 16);
/// assert!(0.check().is_err());
/// ```
pub trait BatchSize {
    /// How many samples step number `step`, counted from 0, takes.
    fn batch_size(&self, step: u32) -> usize;

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;
}

impl BatchSize for usize {
    fn batch_size(&self, _: u32) -> usize {
        *self
    }

    fn check(&self) -> Result<(), Error> {
        require_batch_size(*self)
    }
}

/// Multiplies the batch size by `growth` after every `every` steps: `min(most, initial · growth^⌊t / every⌋)`.
///
/// What a decaying learning rate does to the noise of the steps, at a constant rate and with ever fewer of them. Source:
/// *Deep Learning*, sections 8.1.3 and 8.3.1; M. Friedlander and M. Schmidt, *Hybrid deterministic-stochastic methods for
/// data fitting* (2012).
///
/// ```
/// use kilograd::train::{BatchSize, GrowingBatch};
///
/// let size = GrowingBatch { initial: 4, growth: 2, every: 10, most: 12 };
/// assert_eq!([0, 9, 10, 20, 1000].map(|step| size.batch_size(step)), [4, 4, 8, 12, 12]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GrowingBatch {
    /// How many samples the first `every` steps take each, at least 1.
    pub initial: usize,
    /// What the size is multiplied with, at least 1.
    pub growth: usize,
    /// How many steps one size lasts, at least 1.
    pub every: u32,
    /// The size that is never exceeded, at least `initial`.
    pub most: usize,
}

impl BatchSize for GrowingBatch {
    fn batch_size(&self, step: u32) -> usize {
        let mut size = self.initial;
        if self.growth > 1 {
            for _ in 0..step.checked_div(self.every).unwrap_or_default() {
                size = size.saturating_mul(self.growth);
                // From 1 on it at least doubles, so that this ends soon.
                if size == 0 || size >= self.most {
                    break;
                }
            }
        }
        size.min(self.most)
    }

    fn check(&self) -> Result<(), Error> {
        require_batch_size(self.initial)?;
        Setting::Growth.require(count(self.growth), self.growth > 0)?;
        Setting::Steps.require(0.0, self.every > 0)?;
        Setting::BatchSize.require(count(self.most), self.most >= self.initial)
    }
}

/// Requires at least one sample.
pub(super) fn require_batch_size(size: usize) -> Result<(), Error> {
    Setting::BatchSize.require(0.0, size > 0)
}
