//! Slices of a step with every sample.

use super::{Pass, Progress, SlicedTrainer};
use crate::error::Error;
use crate::layer::{Slice, Sliced};
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Elementwise, Step};
use crate::train::{Fused, Memory};

impl<N: Sliced, L: Loss<N::Output>, R: Elementwise, S: Schedule> SlicedTrainer<'_, N, L, R, S, Fused> {
    /// Goes on with the step, for so many multiply-accumulates.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`] if no step has begun, or as [`Trainer::step`](crate::train::Trainer::step): the sample is then
    /// given up, network and optimizer state are as they were.
    pub fn advance(&mut self, budget: usize) -> Result<Progress, Error> {
        self.advance_by(budget, Self::update)
    }

    fn update(&mut self, slice: &mut Slice) -> Result<Option<Pass>, Error> {
        if self.plan.is_none() && self.is_weightless() {
            return Ok(Some(Pass::Idle));
        }
        let Self { trainer, input, plan, rate, .. } = self;
        let Memory { network, state, tape, d_output, progress, .. } = &mut *trainer.memory;
        let step = match plan.take() {
            Some(plan) => Step::planned(&trainer.rule, plan, *rate),
            None => {
                progress.steps = progress.steps.saturating_add(1);
                Step::new::<()>(&trainer.rule, progress.steps, *rate, None)
            }
        };
        network.update_slice(input, tape, d_output, state, &step, slice);
        *plan = Some(step.into_plan());
        Ok((slice.at() >= N::PARAMETERS).then_some(Pass::Idle))
    }

    /// Whether the sample has nothing to teach.
    fn is_weightless(&self) -> bool {
        self.target.as_ref().is_none_or(|target| self.trainer.loss.weight(target) <= 0.0)
    }
}
