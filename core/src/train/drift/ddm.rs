//! The drift detection method.

use super::Signal;
use crate::error::{Error, Setting};
use crate::tensor::to_f32;
use kilograd_simd::math;

/// The drift detection method: with p the share of mistakes among n samples and `s = √(p·(1 − p)/n)` its deviation, and
/// p₀, s₀ those where p + s was lowest, it warns when `p + s > p₀ + 2·s₀` and signals a drift when `p + s > p₀ + 3·s₀`.
/// *Memory:* 28 bytes.
///
/// A learner that never erred has no deviation: its first mistake is a drift. Source: J. Gama, P. Medas, G. Castillo and
/// P. Rodrigues, *Learning with drift detection* (2004).
///
/// ```
/// use kilograd::train::drift::{Ddm, DdmSettings, Signal};
///
/// let mut test = Ddm::new(DdmSettings::DEFAULT)?;
/// for i in 0..200 {
///     assert_eq!(test.observe(i % 10 == 0), Signal::Stable);
/// }
/// let signals: Vec<_> = (0..20).map(|_| test.observe(true)).collect();
/// let first = |signal| signals.iter().position(|s| *s == signal);
/// assert!(first(Signal::Warning) < first(Signal::Drift) && first(Signal::Drift).is_some());
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ddm {
    settings: DdmSettings,
    pub(crate) seen: u32,
    pub(crate) share: f32,
    /// Share and deviation where their sum was lowest.
    pub(crate) lowest: (f32, f32),
}

/// The settings of a [`Ddm`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DdmSettings {
    /// So many deviations above the lowest share warn: above 0.
    pub warning: f32,
    /// So many are a drift: no fewer.
    pub drift: f32,
    /// How many samples are seen before there is a signal.
    pub least: u32,
}

impl DdmSettings {
    /// The paper's: 2 and 3 deviations, 30 samples.
    pub const DEFAULT: Self = Self { warning: 2.0, drift: 3.0, least: 30 };
}

impl Default for DdmSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Ddm {
    /// Nothing seen yet.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting outside its range.
    pub fn new(settings: DdmSettings) -> Result<Self, Error> {
        Setting::Threshold.require_positive(settings.warning)?;
        Setting::Threshold.require(settings.drift, settings.drift >= settings.warning && settings.drift.is_finite())?;
        Ok(Self { settings, seen: 0, share: 0.0, lowest: (1.0, 1.0) })
    }

    /// Takes in whether a sample was misread; a drift begins the test anew.
    pub fn observe(&mut self, wrong: bool) -> Signal {
        self.seen = self.seen.saturating_add(1);
        let seen = to_f32(self.seen);
        self.share += (if wrong { 1.0 } else { 0.0 } - self.share) / seen;
        let (share, deviation) = (self.share, math::sqrt(self.share * (1.0 - self.share) / seen));
        if self.seen < self.settings.least {
            return Signal::Stable;
        }
        let (least_share, least_deviation) = self.lowest;
        if share + deviation <= least_share + least_deviation {
            self.lowest = (share, deviation);
            return Signal::Stable;
        }
        let exceeds = |deviations: f32| share + deviation > least_share + deviations * least_deviation;
        if exceeds(self.settings.drift) {
            self.restart();
            return Signal::Drift;
        }
        if exceeds(self.settings.warning) { Signal::Warning } else { Signal::Stable }
    }

    /// Forgets the stream.
    pub fn restart(&mut self) {
        (self.seen, self.share, self.lowest) = (0, 0.0, (1.0, 1.0));
    }
}
