//! Units that never are on.

use crate::tensor::count;

/// Which of `UNITS` rectified units were not above zero for a single sample: nothing reaches their weights, so they stay as
/// they are. *Memory:* 1 byte a unit.
///
/// Source: *Deep Learning*, section 6.3.1. [`monitor`](super) has an example with a network.
///
/// ```
/// use kilograd::train::monitor::DeadUnits;
///
/// let mut dead = DeadUnits::<4>::DEFAULT;
/// dead.observe(&[0.0, 1.0, 0.0, 0.0]);
/// dead.observe(&[0.0, 0.0, 0.5, 0.0]);
/// assert_eq!((dead.count(), dead.share()), (2, 0.5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DeadUnits<const UNITS: usize> {
    alive: [bool; UNITS],
}

impl<const UNITS: usize> DeadUnits<UNITS> {
    /// No sample seen: every unit counts as dead. Where a window of samples ends, start from here again.
    pub const DEFAULT: Self = Self { alive: [false; UNITS] };

    /// Takes what the units say of one sample; values beyond `UNITS` are not looked at.
    pub fn observe(&mut self, values: &[f32]) {
        for (alive, value) in self.alive.iter_mut().zip(values) {
            *alive |= *value > 0.0;
        }
    }

    /// How many units were never on.
    pub fn count(&self) -> usize {
        self.alive.iter().filter(|alive| !**alive).count()
    }

    /// The share of units that were never on; 0 if there are none.
    pub fn share(&self) -> f32 {
        count(self.count()) / count(UNITS.max(1))
    }
}

impl<const UNITS: usize> Default for DeadUnits<UNITS> {
    fn default() -> Self {
        Self::DEFAULT
    }
}
