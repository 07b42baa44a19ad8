//! Trying learning rates.

use crate::error::Error;
use crate::optim::schedule::require_rate;

/// What came of training with each of `N` learning rates for a short while. *Memory:* 8 bytes a rate.
///
/// *Deep Learning*, section 8.3.1, advises to watch the first few hundred steps and to take a rate higher than the one that
/// does best in them, but not so high that it is unstable: that is [`choice`](RateSweep::choice). Every rate must start from
/// the same weights, drawn again from the same seed (no memory) or copied back; [`Memory::restart`](super::Memory::restart)
/// forgets what the optimizer remembers.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::RateSweep;
///
/// let data = [(Vector::new([2.0]), Vector::new([1.0]))];
/// let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
/// let sweep = RateSweep::run([0.01, 0.03, 0.1, 0.3], |rate| {
///     memory.network.copy_from(&Zero::ZERO);
///     memory.restart();
///     Trainer::new(&mut memory, MeanSquaredError, Sgd, rate)?.epoch(&data, [0; 9])
/// })?;
/// assert_eq!((sweep.best(), sweep.choice(1.0)), (Some(0.1), Some(0.1))); // 0.3 ends above the loss of 1 at the start
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RateSweep<const N: usize> {
    rates: [f32; N],
    losses: [f32; N],
}

impl<const N: usize> RateSweep<N> {
    /// Trains with each of `rates` in turn; `train` does so from the same start and returns the loss in the end, that of the
    /// last steps or of samples held out. A rate at which training breaks off because loss or gradient overflow has the loss
    /// infinity.
    ///
    /// # Errors
    /// [`Error::LearningRate`] for a rate outside the range, before any training, or what else `train` fails with.
    pub fn run(rates: [f32; N], mut train: impl FnMut(f32) -> Result<f32, Error>) -> Result<Self, Error> {
        rates.iter().try_for_each(|rate| require_rate(*rate))?;
        let mut losses = [f32::INFINITY; N];
        for (rate, loss) in rates.iter().zip(&mut losses) {
            match train(*rate) {
                Ok(end) if end.is_nan() => {}
                Ok(end) => *loss = end,
                Err(Error::LossNotFinite | Error::GradientTooLarge) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { rates, losses })
    }

    /// Each rate and its loss.
    pub fn results(&self) -> impl Iterator<Item = (f32, f32)> {
        self.rates.iter().copied().zip(self.losses.iter().copied())
    }

    /// The rate of the lowest loss, or `None` if training broke off at every rate.
    pub fn best(&self) -> Option<f32> {
        let mut best = (None, f32::INFINITY);
        for (rate, loss) in self.results() {
            if loss < best.1 {
                best = (Some(rate), loss);
            }
        }
        best.0
    }

    /// The next rate above the best one if its loss is below `stable` (the loss before training, say), else the best one.
    pub fn choice(&self, stable: f32) -> Option<f32> {
        let best = self.best()?;
        let mut next = (best, f32::INFINITY);
        for (rate, loss) in self.results() {
            if rate > best && (next.0 == best || rate < next.0) {
                next = (rate, loss);
            }
        }
        Some(if next.1 < stable { next.0 } else { best })
    }
}
