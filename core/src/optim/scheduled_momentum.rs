//! Momentum that is raised over time.

use super::schedule::Schedule;
use super::{Elementwise, Momentum, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};

/// [`Momentum`] with the μ that a [`Schedule`] says for each step. *State:* 1 × f32 a parameter, the velocity.
///
/// Source: *Deep Learning*, section 8.3.2: μ begins small (0.5) and is raised (to 0.9, 0.99), which matters less than
/// letting the learning rate fall. At speed, under a constant gradient, a step is `η·‖g‖ / (1 − μ)` long.
///
/// ```
/// use kilograd::optim::schedule::LinearDecay;
/// use kilograd::optim::{Rule, ScheduledMomentum};
///
/// let schedule = LinearDecay { initial: 0.5, last: 0.99, steps: 1000 };
/// let rule = ScheduledMomentum { schedule, nesterov: false };
/// assert_eq!(rule.momentum(1).momentum, 0.5);
/// assert_eq!(rule.momentum(5000).momentum, 0.99);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ScheduledMomentum<S> {
    /// Says μ: from 0 to just below 1, to which later values are cut off.
    pub schedule: S,
    /// Whether to step along the velocity that the next step will have (Nesterov).
    pub nesterov: bool,
}

impl<S: Schedule> ScheduledMomentum<S> {
    /// The rule of step number `step`, counted from 1.
    pub fn momentum(&self, step: u32) -> Momentum {
        const LARGEST: f32 = 1.0 - f32::EPSILON / 2.0;
        let momentum = self.schedule.learning_rate(step.saturating_sub(1));
        let momentum = if momentum > LARGEST { LARGEST } else { momentum };
        // A comparison that is false for NaN.
        let momentum = if momentum >= 0.0 { momentum } else { 0.0 };
        Momentum { momentum, dampening: 0.0, nesterov: self.nesterov }
    }
}

impl<S: Schedule> Rule for ScheduledMomentum<S> {
    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    /// The rule of the step, and its plan.
    type Plan = (Momentum, f32);

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        Momentum::view(state)
    }

    fn check(&self) -> Result<(), Error> {
        self.schedule.check()?;
        Setting::Momentum.require_decay(self.schedule.learning_rate(0))
    }

    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, gradient: Option<&G>) -> (Momentum, f32) {
        let momentum = self.momentum(step);
        (momentum, momentum.plan(step, learning_rate, gradient))
    }

    fn transform(&self, (momentum, gain): &(Momentum, f32), weights: &[f32], gradient: &mut [f32], velocity: &mut [f32]) {
        momentum.transform(gain, weights, gradient, velocity);
    }

    fn descend(
        &self,
        (momentum, gain): &(Momentum, f32),
        learning_rate: f32,
        weights: &mut [f32],
        gradient: &mut [f32],
        velocity: &mut [f32],
    ) {
        momentum.descend(gain, learning_rate, weights, gradient, velocity);
    }
}

#[diagnostic::do_not_recommend]
impl<S: Schedule> Tensorwise for ScheduledMomentum<S> {}

#[diagnostic::do_not_recommend]
impl<S: Schedule> Elementwise for ScheduledMomentum<S> {
    fn descend_outer(
        &self,
        (momentum, gain): &(Momentum, f32),
        learning_rate: f32,
        input: &[f32],
        deltas: &[f32],
        weights: &mut [f32],
        velocity: &mut [f32],
    ) {
        momentum.descend_outer(gain, learning_rate, input, deltas, weights, velocity);
    }
}
