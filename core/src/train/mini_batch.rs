//! A step with the mean gradient of several samples.

use super::batch_size::require_batch_size;
use super::trainer::mean;
use super::{Accumulated, BatchSize, Dataset, Memory, Trainer};
use crate::error::Error;
use crate::layer::{GRADIENT_LIMIT, Layer};
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Norm, Rule, Step};
use crate::tensor::{Parameters, Zero};
use kilograd_simd::kernel;

impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule> Trainer<'_, N, L, R, S, Accumulated> {
    /// Adds the gradient of one sample to the batch and returns the sample's loss. For samples that arrive over time;
    /// [`apply`](Trainer::apply) takes the step.
    ///
    /// # Errors
    /// [`Error::InputNotFinite`], [`Error::LossNotFinite`], [`Error::GradientTooLarge`] or what the loss says of the target.
    /// The batch is then as it was.
    pub fn accumulate(&mut self, input: &N::Input, target: &L::Target) -> Result<f32, Error> {
        let loss = self.forward_backward(input, target)?;
        let weight = self.loss.weight(target);
        let Memory { network, gradient, tape, d_output, progress, .. } = &mut *self.memory;
        network.accumulate(input, tape, d_output, gradient);
        progress.weight += weight;
        progress.loss += loss;
        Ok(loss)
    }

    /// Takes a step with the mean gradient of the batch, forgets the batch and returns its mean loss.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`] if nothing was accumulated, [`Error::GradientTooLarge`] if its mean exceeds the limit (samples of
    /// little weight), [`Error::LossNotFinite`] if its mean loss overflows, [`Error::LearningRate`] if the schedule says an invalid one.
    /// Network and optimizer state are then as they were.
    pub fn apply(&mut self) -> Result<f32, Error> {
        let rate = self.checked_rate()?;
        self.apply_at(rate)
    }

    pub(super) fn apply_at(&mut self, rate: f32) -> Result<f32, Error> {
        let Memory { network, state, gradient, progress, .. } = &mut *self.memory;
        // Infinite for no weight at all, and for one so small that the mean would be lost.
        let share = 1.0 / progress.weight;
        if !share.is_finite() {
            return Err(Error::EmptyBatch);
        }
        let loss = progress.loss * share;
        if !loss.is_finite() {
            // Finite losses whose sum is not.
            return Err(Error::LossNotFinite);
        }
        // Each sample's gradient is within the limit; only a total weight below one makes the mean larger than that.
        if share > 1.0 && Norm::Max.of(gradient) * share > GRADIENT_LIMIT {
            return Err(Error::GradientTooLarge);
        }
        if share != 1.0 {
            gradient.visit_mut(&mut |group| kernel::scale(share, group));
        }
        progress.steps = progress.steps.saturating_add(1);
        let step = Step::new(&self.rule, progress.steps, rate, Some(gradient));
        network.apply(gradient, state, &step);
        self.clear();
        Ok(loss)
    }

    /// Forgets what was accumulated.
    pub fn clear(&mut self) {
        self.memory.clear();
    }

    /// The sum of the gradients accumulated so far.
    pub fn gradient(&self) -> &N::Gradient {
        &self.memory.gradient
    }

    /// Trains on one batch and returns its mean loss before the step. What was accumulated before is forgotten.
    ///
    /// # Errors
    /// That of the first sample that is refused, or [`Error::EmptyBatch`]. The whole batch is then forgotten; network and
    /// optimizer state are as they were.
    pub fn step<'s>(&mut self, batch: impl IntoIterator<Item = (&'s N::Input, &'s L::Target)>) -> Result<f32, Error>
    where
        N::Input: 's,
        L::Target: 's,
    {
        self.begin();
        let mut samples = batch.into_iter();
        let result = samples.try_for_each(|(input, target)| self.accumulate(input, target).map(|_| ()));
        self.apply_or_clear(result)
    }

    /// Trains on the samples of `data` that `order` names, `batch_size` a step (the last batch may be smaller), and returns
    /// their mean loss. The size may grow with the steps ([`GrowingBatch`](super::GrowingBatch)). With as many as there are it is
    /// the batch or deterministic gradient method: one step along the gradient itself, in whatever order but for rounding. The
    /// standard error of a smaller batch's falls as the root of its size (*Deep Learning*, section 8.1.3). A batch whose samples
    /// weigh nothing has nothing to teach and is passed over.
    ///
    /// # Errors
    /// [`Error::Setting`] for a batch size of 0, [`Error::EmptyBatch`] if `order` names no sample that weighs anything, or the error of the first
    /// sample that is refused: its batch is then forgotten; the steps before it have been taken. [`Error::LossNotFinite`] if the
    /// sum of finite losses, or their mean, overflows: all steps have been taken then.
    pub fn epoch<D: Dataset<Input = N::Input, Target = L::Target> + ?Sized>(
        &mut self,
        data: &D,
        order: impl IntoIterator<Item = usize>,
        batch_size: impl BatchSize,
    ) -> Result<f32, Error> {
        batch_size.check()?;
        self.begin();
        let mut order = order.into_iter().peekable();
        let (mut loss, mut weight) = (0.0, 0.0);
        while order.peek().is_some() {
            let size = batch_size.batch_size(self.steps());
            require_batch_size(size)?;
            let mut batch = order.by_ref().take(size);
            let result = batch.try_for_each(|index| self.accumulate_from(data, index).map(|_| ()));
            let progress = self.memory.progress;
            if result.is_err() || progress.weight > 0.0 {
                self.apply_or_clear(result)?;
            }
            loss += progress.loss;
            weight += progress.weight;
        }
        mean(loss, weight)
    }

    /// Forgets what was accumulated before, which mostly is nothing.
    pub(super) fn begin(&mut self) {
        if self.memory.progress.weight > 0.0 {
            self.clear();
        }
    }

    /// Takes the step of a batch that was accumulated, or forgets the batch if one of its samples or the step is refused.
    fn apply_or_clear(&mut self, accumulated: Result<(), Error>) -> Result<f32, Error> {
        accumulated.and_then(|()| self.apply()).inspect_err(|_| self.clear())
    }

    pub(super) fn accumulate_from<D: Dataset<Input = N::Input, Target = L::Target> + ?Sized>(
        &mut self,
        data: &D,
        index: usize,
    ) -> Result<f32, Error> {
        let mut input = N::Input::ZERO;
        let target = data.load(index, &mut input)?;
        self.accumulate(&input, &target)
    }
}
