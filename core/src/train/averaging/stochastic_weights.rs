//! Stochastic weight averaging.

use super::Averaging;
use crate::error::{Error, Setting};
use crate::tensor::to_f32;

/// The mean of the networks after steps `start`, `start + every`, `start + 2·every`, …, counted from 1.
///
/// Source: P. Izmailov et al., *Averaging weights leads to wider optima and better generalization* (2018), where `every` is
/// an epoch or the cycle of a learning rate that returns. PyTorch's `AveragedModel`.
///
/// ```
/// use kilograd::tensor::{Vector, Zero};
/// use kilograd::train::averaging::{Average, StochasticWeights};
///
/// let mut average = Average::<Vector<1>>::ZERO;
/// for x in [9.0, 1.0, 9.0, 3.0] {
///     average.observe(&StochasticWeights { start: 2, every: 2 }, &Vector::new([x]))?;
/// }
/// assert_eq!(average.network(), Some(&Vector::new([2.0])));
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StochasticWeights {
    /// The first step whose network is taken.
    pub start: u32,
    /// How many steps lie between one network and the next, at least 1.
    pub every: u32,
}

impl Averaging for StochasticWeights {
    fn takes(&self, step: u32) -> bool {
        step.checked_sub(self.start).and_then(|since| since.checked_rem(self.every)) == Some(0)
    }

    fn weight(&self, before: f32) -> f32 {
        before + 1.0
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Steps.require(to_f32(self.every), self.every > 0)
    }
}
