//! A mean that forgets.

use crate::error::{Error, Setting};

/// The mean of what it was shown, in which every older value counts `fading` times what it did when a new one comes; a plain
/// mean if 1. *Memory:* 8 bytes, zero at the start.
///
/// Shown the loss that a sample has before the step it is used for, it is the **prequential** error of a stream (test, then
/// train): as long as no sample comes twice, an unbiased estimate of the generalisation error, without a held-out set.
/// Source: J. Gama, R. Sebastião and P. Rodrigues, *On evaluating stream learning algorithms* (2013); *Deep Learning*,
/// section 8.1.3.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::FadingMean;
///
/// let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
/// let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.5)?;
/// let mut error = FadingMean::DEFAULT;
/// for sensor in [4.0, 4.0, 4.0] {
///     let loss = trainer.step(&[0.0].into(), &[sensor].into())?;
///     error.observe(loss, 0.5)?;
/// }
/// // Losses of 16, 0 and 0, which count 1/4, 1/2 and 1.
/// assert!(error.mean().is_some_and(|mean| (mean - 4.0 / 1.75).abs() < 1e-6));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FadingMean {
    pub(crate) mean: f32,
    pub(crate) weight: f32,
}

impl FadingMean {
    /// Nothing seen yet.
    pub const DEFAULT: Self = Self { mean: 0.0, weight: 0.0 };

    /// Takes a value in and returns the mean.
    ///
    /// # Errors
    /// [`Error::Setting`] for a fading factor outside [0, 1], [`Error::LossNotFinite`] for a value that is not finite: the
    /// mean is as it was.
    pub fn observe(&mut self, value: f32, fading: f32) -> Result<f32, Error> {
        Setting::FadingFactor.require(fading, (0.0..=1.0).contains(&fading))?;
        let weight = 1.0 + fading * self.weight;
        // Not (value − mean)/weight: the difference of two finite values may be infinite.
        let mean = self.mean + (value / weight - self.mean / weight);
        if !mean.is_finite() {
            return Err(Error::LossNotFinite);
        }
        *self = Self { mean, weight };
        Ok(mean)
    }

    /// The mean; `None` as long as nothing was seen.
    pub fn mean(&self) -> Option<f32> {
        (self.weight > 0.0).then_some(self.mean)
    }
}
