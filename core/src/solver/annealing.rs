//! Simulated annealing.

use super::search::{has_room, or_too_high, perturb};
use super::{Objective, Outcome, Search};
use crate::error::{Error, Setting};
use crate::init::Distribution;
use crate::optim::schedule::Schedule;
use crate::tensor::{Tensor, Vector};
use kilograd_simd::math::exp;
use rand_core::Rng;

/// Simulated annealing: `x' = x + σ·z` with normal z stays if it is not worse, and with the probability
/// `exp(−(J(x') − J(x)) / T)` if it is; T falls from iteration to iteration. *Memory:* settings, the generator and three
/// numbers, whatever N is: a refused trial is undone by drawing z again, as in [`OnePlusOne`](super::OnePlusOne).
///
/// Any [`Schedule`] is a temperature: its numbers are T, in units of the objective. At T = 0 only what is not worse stays.
/// The best point is not kept apart: at the end of a schedule that falls far enough it is the last one, to the scale of σ.
/// Within 16·σ of the largest number nothing is tried.
///
/// Source: S. Kirkpatrick, C. Gelatt and M. Vecchi, *Optimization by simulated annealing* (1983); a relative of the
/// continuation methods of *Deep Learning*, section 8.7.6.
///
/// ```
/// use kilograd::optim::schedule::ExponentialDecay;
/// use kilograd::solver::{Function, Search, SimulatedAnnealing};
/// use kilograd::tensor::Vector;
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// // Two wells, at ±1; that at −1 is deeper. The start is in the other one.
/// let value = |[x]: &[f32; 1]| (x * x - 1.0) * (x * x - 1.0) + 0.3 * x;
/// let mut wells = Function { value, gradient: |[x]: &[f32; 1]| [4.0 * x * (x * x - 1.0) + 0.3] };
/// let mut point = Vector::new([1.0]);
/// let temperature = ExponentialDecay { initial: 1.0, factor: 0.99 };
/// let mut search = SimulatedAnnealing::new(0.5, temperature, Xoshiro128PlusPlus::seed_from_u64(1))?;
/// search.minimize(&mut wells, &mut point, 800)?;
/// assert!((point.as_array()[0] + 1.04).abs() < 0.1);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimulatedAnnealing<S, G> {
    deviation: f32,
    temperature: S,
    rng: G,
    outcome: Outcome,
}

impl<S: Schedule, G: Rng + Clone> SimulatedAnnealing<S, G> {
    /// Trials of this standard deviation a coordinate, and the temperature of each iteration.
    ///
    /// # Errors
    /// [`Setting::Deviation`] unless the deviation is a finite number above 0, and whatever the schedule says of itself.
    pub fn new(deviation: f32, temperature: S, rng: G) -> Result<Self, Error> {
        Setting::Deviation.require_positive(deviation)?;
        temperature.check()?;
        Ok(Self { deviation, temperature, rng, outcome: Outcome::NONE })
    }

    /// The temperature of the next iteration.
    pub fn temperature(&self) -> f32 {
        self.temperature.learning_rate(self.outcome.iterations)
    }

    /// Whether a trial of this value stays. Draws once, whatever comes of it.
    fn accepts(&mut self, trial: f32) -> bool {
        let luck = 0.5 + Distribution::Uniform { bound: 0.5 }.sample(&mut self.rng);
        let rise = trial - self.outcome.value;
        // Between two infinities `rise` is NaN: then the first comparison holds.
        trial <= self.outcome.value || luck < exp(-rise / self.temperature())
    }
}

impl<const N: usize, S: Schedule, G: Rng + Clone> Search<N> for SimulatedAnnealing<S, G> {
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        self.outcome.start(objective, point)?;
        if !has_room(point.as_slice(), self.deviation) {
            self.outcome.count(0);
            return Ok(self.outcome);
        }
        let mut again = self.rng.clone();
        perturb(point.as_mut_slice(), self.deviation, &mut self.rng);
        let trial = objective.value(point).map(or_too_high);
        let accepted = matches!(trial, Ok(value) if self.accepts(value));
        if !accepted {
            perturb(point.as_mut_slice(), -self.deviation, &mut again);
        }
        let trial = trial?;
        if accepted {
            self.outcome.value = trial;
        }
        self.outcome.count(1);
        Ok(self.outcome)
    }
}
