//! Averages of the networks that training passes through, one rule a file.
//!
//! The last network of a run with a constant learning rate is a noisy one: it wanders about a minimum, and the mean of where
//! it has been lies nearer. An [`Average`] is shown the network after each step, and an [`Averaging`] rule says what the
//! newest network counts against those before. Source: *Deep Learning*, section 8.7.3.
//!
//! | rule | average | for |
//! |---|---|---|
//! | [`Polyak`] | `θ̂ₜ = 1/t · Σ θᵢ` | convex problems |
//! | [`StochasticWeights`] | the same, from a step on, every so many steps | the end of a long training |
//! | [`Exponential`] | `θ̂ ← α·θ̂ + (1 − α)·θ` from the first network | networks: forgets where it came from |
//! | [`DebiasedExponential`] | the same from zero, over `1 − αᵗ` | few steps |

mod debiased_exponential;
mod exponential;
mod polyak;
mod stochastic_weights;

pub use debiased_exponential::DebiasedExponential;
pub use exponential::Exponential;
pub use polyak::Polyak;
pub use stochastic_weights::StochasticWeights;

use crate::error::Error;
use crate::tensor::{Parameters, Zero};

/// Says what the newest network counts in an average.
pub trait Averaging {
    /// Whether the network after step number `step`, counted from 1, is taken into the average.
    fn takes(&self, step: u32) -> bool {
        let _ = step;
        true
    }

    /// What all networks weigh together once the newest, which weighs 1, has joined those that weigh `before` (0 if it is
    /// the first).
    fn weight(&self, before: f32) -> f32;

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;
}

/// The average of the networks it was shown: `θ̂ ← θ̂ + (θ − θ̂)/weight`. *Memory:* 1 × parameters and 8 bytes, all zero at
/// the start, so that a `static` of it takes no flash.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::averaging::{Average, Exponential};
///
/// type Net = network![1 => 1];
/// let (mut network, mut average) = (Net::ZERO, Average::<Net>::ZERO);
/// for bias in [1.0, 3.0] {
///     network.bias.fill(bias);
///     average.observe(&Exponential { decay: 0.75 }, &network)?;
/// }
/// // Evaluated in place of the network, with no third copy.
/// average.swap(&mut network);
/// assert_eq!(network.bias, Vector::new([1.5]));
/// average.swap(&mut network);
/// assert_eq!(network.bias, Vector::new([3.0]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Average<N> {
    pub(crate) mean: N,
    pub(crate) weight: f32,
    pub(crate) seen: u32,
}

impl<N: Parameters> Average<N> {
    /// Takes the network after a step into the average, if the rule takes this step's; call it after each. What is not finite
    /// stays in the average for good.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting of the rule outside its range: the average is as it was.
    pub fn observe(&mut self, rule: &impl Averaging, network: &N) -> Result<(), Error> {
        rule.check()?;
        self.seen = self.seen.saturating_add(1);
        if !rule.takes(self.seen) {
            return Ok(());
        }
        let before = self.weight;
        self.weight = rule.weight(before);
        if before == 0.0 {
            self.mean.copy_from(network);
        } else {
            let gain = 1.0 / self.weight;
            self.mean.visit_mut_with(network, &mut |mean, newest| approach(gain, newest, mean));
        }
        Ok(())
    }

    /// The average; `None` as long as no network was taken into it.
    pub fn network(&self) -> Option<&N> {
        (self.weight > 0.0).then_some(&self.mean)
    }

    /// Gives `network` the averaged parameters and keeps its own, so that the average can be evaluated; done again, it puts
    /// both back. In between nothing must be observed. Does nothing as long as no network was taken into the average.
    pub fn swap(&mut self, network: &mut N) {
        if self.weight > 0.0 {
            // `core::mem::swap` may put a whole network on the stack; three exclusive ors need no third place.
            self.mean.visit_mut_with(network, &mut exclusive_or);
            network.visit_mut_with(&self.mean, &mut exclusive_or);
            self.mean.visit_mut_with(network, &mut exclusive_or);
        }
    }
}

impl<N: Zero> Zero for Average<N> {
    const ZERO: Self = Self { mean: N::ZERO, weight: 0.0, seen: 0 };
}

/// `a ← a ⊕ b`, bit by bit.
fn exclusive_or(a: &mut [f32], b: &[f32]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a = f32::from_bits(a.to_bits() ^ b.to_bits());
    }
}

/// `mean ← mean + gain·(newest − mean)`.
fn approach(gain: f32, newest: &[f32], mean: &mut [f32]) {
    for (mean, newest) in mean.iter_mut().zip(newest) {
        *mean += gain * (newest - *mean);
    }
}
