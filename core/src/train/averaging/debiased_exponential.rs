//! Exponential averaging without the bias towards its start.

use super::Averaging;
use crate::error::{Error, Setting};

/// `θ̂ ← α·θ̂ + (1 − α)·θ` from zero, then divided by `1 − αᵗ`: the first network counts no more than any other, while
/// [`Exponential`](super::Exponential) remembers it for some 1/(1 − α) steps as if it had always been there.
///
/// Kept as the quotient itself: the networks weigh `1 + α + α² + …` together, and that is `(1 − αᵗ)/(1 − α)`. So nothing
/// cancels, and the average can be evaluated at any time without a division. Source: the bias correction of D. Kingma and
/// J. Ba, *Adam* (2015), section 3.
///
/// ```
/// use kilograd::tensor::{Vector, Zero};
/// use kilograd::train::averaging::{Average, DebiasedExponential};
///
/// let mut average = Average::<Vector<1>>::ZERO;
/// for x in [3.0, 6.0] {
///     average.observe(&DebiasedExponential { decay: 0.5 }, &Vector::new([x]))?;
/// }
/// assert_eq!(average.network(), Some(&Vector::new([5.0])));
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DebiasedExponential {
    /// The share of the average that is kept, α, in [0, 1).
    pub decay: f32,
}

impl Averaging for DebiasedExponential {
    fn weight(&self, before: f32) -> f32 {
        1.0 + self.decay * before
    }

    fn check(&self) -> Result<(), Error> {
        Setting::AverageDecay.require_decay(self.decay)
    }
}
