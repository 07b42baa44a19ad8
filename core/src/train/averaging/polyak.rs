//! Polyak averaging.

use super::Averaging;
use crate::error::Error;

/// The mean of all networks: `θ̂ₜ = 1/t · Σ θᵢ`. (After 2²⁴ of them, one more no longer changes what they weigh together.)
///
/// Source: B. Polyak and A. Juditsky, *Acceleration of stochastic approximation by averaging* (1992); *Deep Learning*,
/// section 8.7.3.
///
/// ```
/// use kilograd::tensor::{Vector, Zero};
/// use kilograd::train::averaging::{Average, Polyak};
///
/// let mut average = Average::<Vector<1>>::ZERO;
/// for x in [1.0, 2.0, 6.0] {
///     average.observe(&Polyak, &Vector::new([x]))?;
/// }
/// assert_eq!(average.network(), Some(&Vector::new([3.0])));
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Polyak;

impl Averaging for Polyak {
    fn weight(&self, before: f32) -> f32 {
        before + 1.0
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}
