//! The Page-Hinkley test.

use super::Signal;
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// The Page-Hinkley test for a mean that rises. With `mₜ = Σᵢ (xᵢ − x̄ᵢ − δ)`, x̄ᵢ the mean of the first i values, it signals a drift
/// when `mₜ − minᵢ mᵢ > λ`: when values have been above their mean, by more than δ each, for λ altogether. *Memory:* 24 bytes.
///
/// What is kept is the difference itself, `gₜ = max(0, gₜ₋₁ + xₜ − x̄ₜ − δ)`, which is the same and does not grow with the stream.
/// Source: E. S. Page, *Continuous inspection schemes* (1954); J. Gama, R. Sebastião and P. Rodrigues, *On evaluating stream
/// learning algorithms* (2013), section 4.
///
/// ```
/// use kilograd::train::drift::{PageHinkley, PageHinkleySettings, Signal};
///
/// let mut test = PageHinkley::new(PageHinkleySettings { tolerance: 0.1, threshold: 2.0, least: 5 })?;
/// for _ in 0..100 {
///     assert_eq!(test.observe(1.0)?, Signal::Stable);
/// }
/// let signals = [test.observe(2.0)?, test.observe(2.0)?, test.observe(2.0)?];
/// assert_eq!(signals, [Signal::Stable, Signal::Stable, Signal::Drift]);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PageHinkley {
    settings: PageHinkleySettings,
    pub(crate) seen: u32,
    pub(crate) mean: f32,
    pub(crate) above: f32,
}

/// The settings of a [`PageHinkley`] test.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PageHinkleySettings {
    /// δ, by how much a value may exceed the mean without counting, 0 or more.
    pub tolerance: f32,
    /// λ, what the excesses must add up to, above 0: larger, and there are fewer false alarms and later true ones.
    pub threshold: f32,
    /// How many values are seen before there is a signal.
    pub least: u32,
}

impl PageHinkleySettings {
    /// For a cross-entropy: δ = 0.005, λ = 50, and 30 values.
    pub const DEFAULT: Self = Self { tolerance: 0.005, threshold: 50.0, least: 30 };
}

impl Default for PageHinkleySettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl PageHinkley {
    /// Nothing seen yet.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting outside its range.
    pub fn new(settings: PageHinkleySettings) -> Result<Self, Error> {
        Setting::Tolerance.require_not_negative(settings.tolerance)?;
        Setting::Threshold.require_positive(settings.threshold)?;
        Ok(Self { settings, seen: 0, mean: 0.0, above: 0.0 })
    }

    /// Takes a value in; a drift begins the test anew.
    ///
    /// # Errors
    /// [`Error::LossNotFinite`] for a value that is not finite: the test is as it was.
    pub fn observe(&mut self, value: f32) -> Result<Signal, Error> {
        if !value.is_finite() {
            return Err(Error::LossNotFinite);
        }
        let PageHinkleySettings { tolerance, threshold, least } = self.settings;
        self.seen = self.seen.saturating_add(1);
        let seen = to_f32(self.seen);
        // Not (value − mean)/seen: the difference of two finite values may be infinite.
        self.mean += value / seen - self.mean / seen;
        let above = self.above + (value - self.mean) - tolerance;
        self.above = if above > 0.0 { above } else { 0.0 };
        if self.seen < least || self.above <= threshold {
            return Ok(Signal::Stable);
        }
        self.restart();
        Ok(Signal::Drift)
    }

    /// Forgets the stream.
    pub fn restart(&mut self) {
        (self.seen, self.mean, self.above) = (0, 0.0, 0.0);
    }
}
