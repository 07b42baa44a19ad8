//! Exponential averaging.

use super::Averaging;
use crate::error::{Error, Setting};

/// `θ̂ ← α·θ̂ + (1 − α)·θ`, from the first network: what lies about 1/(1 − α) steps back is forgotten.
///
/// Source: *Deep Learning*, equation 8.39.
///
/// ```
/// use kilograd::tensor::{Vector, Zero};
/// use kilograd::train::averaging::{Average, Exponential};
///
/// let mut average = Average::<Vector<1>>::ZERO;
/// for x in [4.0, 8.0] {
///     average.observe(&Exponential { decay: 0.5 }, &Vector::new([x]))?;
/// }
/// assert_eq!(average.network(), Some(&Vector::new([6.0])));
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Exponential {
    /// The share of the average that is kept, α, in [0, 1).
    pub decay: f32,
}

impl Averaging for Exponential {
    fn weight(&self, before: f32) -> f32 {
        // The first network is the average; a later one is the share 1 − α of it.
        if before == 0.0 { 1.0 } else { 1.0 / (1.0 - self.decay) }
    }

    fn check(&self) -> Result<(), Error> {
        Setting::AverageDecay.require_decay(self.decay)
    }
}
