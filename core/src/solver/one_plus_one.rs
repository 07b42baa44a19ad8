//! The (1+1) evolution strategy.

use super::search::{has_room, or_too_high, perturb};
use super::{Objective, Outcome, Search};
use crate::error::{Error, Setting};
use crate::tensor::{Tensor, Vector, count};
use kilograd_simd::math::{exp, sqrt};
use rand_core::Rng;

/// The largest deviation: on a slope without end, or a plain, it would grow for ever.
const DEVIATION_LIMIT: f32 = 1e18;

/// The (1+1) evolution strategy with the 1/5 success rule: `x' = x + σ·z` with normal z stays if it is not worse, and
/// `σ ← σ·exp((s − 1/5) / √(N + 1))`, s = 1 for a success and 0 otherwise: σ keeps where one trial in five succeeds.
/// *Memory:* σ, the generator and three numbers, whatever N is; one evaluation an iteration and no gradient.
///
/// A trial that fails is undone by drawing z again from a copy of the generator, so there is no second copy of the
/// parameters. `(x + σz) − σz` is x but for the rounding of two operations: a rejected trial may move a coordinate by an ulp
/// of the trial's, which is as nothing to σ until σ itself has come down to there. The outcome's value is that of the point. Within 16·σ of the largest number an iteration
/// is a failure without a trial.
///
/// Source: I. Rechenberg (1973); in this form N. Hansen, D. Arnold and A. Auger, *Evolution strategies* (2015),
/// with the damping `√(N + 1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnePlusOne<G> {
    deviation: f32,
    rng: G,
    outcome: Outcome,
}

impl<G: Rng + Clone> OnePlusOne<G> {
    /// Starts with steps of this standard deviation a coordinate.
    ///
    /// # Errors
    /// [`Setting::Deviation`] unless it is a finite number above 0.
    pub fn new(deviation: f32, rng: G) -> Result<Self, Error> {
        Setting::Deviation.require_positive(deviation)?;
        Ok(Self { deviation, rng, outcome: Outcome::NONE })
    }

    /// The standard deviation of the next trial.
    pub fn deviation(&self) -> f32 {
        self.deviation
    }

    fn adapt<const N: usize>(&mut self, success: bool) {
        let share = if success { 0.8 } else { -0.2 };
        let next = self.deviation * exp(share / sqrt(count(N) + 1.0));
        // A deviation that started beyond the limit can only come down.
        if next >= f32::MIN_POSITIVE && (next <= DEVIATION_LIMIT || !success) {
            self.deviation = next;
        }
    }
}

impl<const N: usize, G: Rng + Clone> Search<N> for OnePlusOne<G> {
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        self.outcome.start(objective, point)?;
        if !has_room(point.as_slice(), self.deviation) {
            self.outcome.count(0);
            self.adapt::<N>(false);
            return Ok(self.outcome);
        }
        let mut again = self.rng.clone();
        perturb(point.as_mut_slice(), self.deviation, &mut self.rng);
        let trial = objective.value(point).map(or_too_high);
        let success = matches!(trial, Ok(value) if value <= self.outcome.value);
        if !success {
            perturb(point.as_mut_slice(), -self.deviation, &mut again);
        }
        let trial = trial?;
        if success {
            self.outcome.value = trial;
        }
        self.outcome.count(1);
        self.adapt::<N>(success);
        Ok(self.outcome)
    }
}
