//! Slices of a step with several samples.

use super::{Pass, Progress, SlicedTrainer};
use crate::error::Error;
use crate::layer::{GRADIENT_LIMIT, Slice, Sliced};
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Norm, Partwise, Step};
use crate::tensor::Parameters;
use crate::train::{Accumulated, Memory};
use kilograd_simd::kernel;

impl<N: Sliced, L: Loss<N::Output>, R: Partwise, S: Schedule> SlicedTrainer<'_, N, L, R, S, Accumulated> {
    /// Begins the step with the mean gradient of the samples that were accumulated: those that have been
    /// [begun](SlicedTrainer::begin) and advanced until they were done.
    ///
    /// # Errors
    /// [`Error::StepUnfinished`] if the last sample is not done, [`Error::EmptyBatch`] if there is none of a weight above zero,
    /// [`Error::LearningRate`] if the schedule says an invalid one.
    pub fn begin_apply(&mut self) -> Result<(), Error> {
        self.require_idle()?;
        self.rate = self.trainer.checked_rate()?;
        if !self.share().is_finite() {
            return Err(Error::EmptyBatch);
        }
        self.enter(Pass::Check);
        Ok(())
    }

    /// Goes on with the sample or the step, for so many multiply-accumulates.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`] if nothing has begun, or as [`Trainer::accumulate`](crate::train::Trainer::accumulate) and
    /// [`Trainer::apply`](crate::train::Trainer::apply): the sample or the step is then given up, network and optimizer state
    /// are as they were.
    pub fn advance(&mut self, budget: usize) -> Result<Progress, Error> {
        self.advance_by(budget, Self::go_on)
    }

    fn go_on(&mut self, slice: &mut Slice) -> Result<Option<Pass>, Error> {
        match self.pass {
            Pass::Parameters => Ok(self.accumulate(slice)),
            Pass::Check => self.check(slice),
            Pass::Mean => Ok(self.mean(slice)),
            Pass::Plan => Ok(self.prepare(slice)),
            Pass::Apply => Ok(self.apply(slice)),
            _ => Ok(self.clear(slice)),
        }
    }

    /// What a sample of weight 1 counts in the mean.
    fn share(&self) -> f32 {
        1.0 / self.trainer.memory.progress.weight
    }

    fn accumulate(&mut self, slice: &mut Slice) -> Option<Pass> {
        let Self { trainer, input, target, loss, .. } = self;
        let Memory { network, gradient, tape, d_output, progress, .. } = &mut *trainer.memory;
        network.accumulate_slice(input, tape, d_output, gradient, slice);
        if slice.at() < N::PARAMETER_PARTS {
            return None;
        }
        progress.weight += target.as_ref().map_or(0.0, |target| trainer.loss.weight(target));
        progress.loss += *loss;
        Some(Pass::Idle)
    }

    /// Finite losses may have an infinite sum; only a total weight below one makes the mean larger than a sample's gradient may be.
    fn check(&mut self, slice: &mut Slice) -> Result<Option<Pass>, Error> {
        let share = self.share();
        if !(self.trainer.memory.progress.loss * share).is_finite() {
            return Err(Error::LossNotFinite);
        }
        if share > 1.0 {
            if slice.take(1, N::Gradient::COUNT) == 0 {
                return Ok(None);
            }
            if Norm::Max.of(&self.trainer.memory.gradient) * share > GRADIENT_LIMIT {
                return Err(Error::GradientTooLarge);
            }
        }
        Ok(Some(if share == 1.0 { Pass::Plan } else { Pass::Mean }))
    }

    fn mean(&mut self, slice: &mut Slice) -> Option<Pass> {
        let share = self.share();
        self.each_part(slice, |part| kernel::scale(share, part)).then_some(Pass::Plan)
    }

    fn prepare(&mut self, slice: &mut Slice) -> Option<Pass> {
        if slice.take(1, N::Gradient::COUNT) == 0 {
            return None;
        }
        let Memory { gradient, progress, .. } = &mut *self.trainer.memory;
        progress.steps = progress.steps.saturating_add(1);
        self.plan = Some(self.trainer.rule.plan(progress.steps, self.rate, Some(&*gradient)));
        Some(Pass::Apply)
    }

    fn apply(&mut self, slice: &mut Slice) -> Option<Pass> {
        let Self { trainer, plan, rate, .. } = self;
        let step = Step::planned(&trainer.rule, plan.take()?, *rate);
        let Memory { network, state, gradient, .. } = &mut *trainer.memory;
        network.apply_slice(gradient, state, &step, slice);
        *plan = Some(step.into_plan());
        (slice.at() >= N::PARAMETER_PARTS).then_some(Pass::Clear)
    }

    fn clear(&mut self, slice: &mut Slice) -> Option<Pass> {
        if !self.each_part(slice, |part| part.fill(0.0)) {
            return None;
        }
        let share = self.share();
        let progress = &mut self.trainer.memory.progress;
        self.loss = progress.loss * share;
        (progress.weight, progress.loss) = (0.0, 0.0);
        Some(Pass::Idle)
    }

    /// Changes as much of the gradient as the slice allows, a piece for each number; says whether that was the last of it.
    fn each_part(&mut self, slice: &mut Slice, mut change: impl FnMut(&mut [f32])) -> bool {
        let from = slice.at();
        let to = from + slice.take(N::Gradient::COUNT.saturating_sub(from), 1);
        let mut first = 0;
        self.trainer.memory.gradient.visit_mut(&mut |group| {
            let (here, end) = (from.max(first) - first, to.max(first) - first);
            let end = end.min(group.len());
            if let Some(part) = group.get_mut(here..end) {
                change(part);
            }
            first += end.max(group.len());
        });
        to >= N::Gradient::COUNT
    }
}
