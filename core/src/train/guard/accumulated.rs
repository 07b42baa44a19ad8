//! Guarded steps with several samples.

use super::{GuardedTrainer, Outcome, Reason};
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Norm, Rule};
use crate::train::{Accumulated, Memory};

impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule> GuardedTrainer<'_, N, L, R, S, Accumulated> {
    /// Trains on one batch, or says why not. What was accumulated before is forgotten, as is a batch that is not trained on.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`], what the loss says of a target, or [`Error::LearningRate`]: mistakes that a guard cannot mend.
    /// Network and optimizer state are as they were.
    pub fn step<'s>(&mut self, batch: impl IntoIterator<Item = (&'s N::Input, &'s L::Target)>) -> Result<Outcome, Error>
    where
        N::Input: 's,
        L::Target: 's,
    {
        let rate = self.checked_rate()?;
        self.trainer.begin();
        let mut samples = batch.into_iter();
        let accumulated = samples.try_for_each(|(input, target)| self.trainer.accumulate(input, target).map(|_| ()));
        let result = accumulated.and_then(|()| self.apply_unless_objected(rate));
        self.trainer.clear();
        result.or_else(|error| Reason::of(error).map(|reason| self.refuse(reason)))
    }

    fn apply_unless_objected(&mut self, rate: f32) -> Result<Outcome, Error> {
        let Memory { gradient, progress, .. } = &*self.trainer.memory;
        let share = 1.0 / progress.weight;
        if !share.is_finite() {
            return Err(Error::EmptyBatch);
        }
        let (loss, gradient) = (progress.loss * share, Norm::L1.of(gradient) * share);
        if let Some(reason) = self.objection(loss, gradient) {
            return Ok(self.refuse(reason));
        }
        self.trainer.apply_at(rate)?;
        self.accept(loss, gradient)
    }
}
