//! A step with the mean gradient of several samples.

use super::trainer::mean;
use super::{Accumulated, Dataset, Memory, Trainer};
use crate::error::{Error, Setting};
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Rule, Step};
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
    /// [`Error::EmptyBatch`] if nothing was accumulated, [`Error::LearningRate`] if the schedule says an invalid one.
    /// Network and optimizer state are then as they were.
    pub fn apply(&mut self) -> Result<f32, Error> {
        let rate = self.checked_rate()?;
        let Memory { network, state, gradient, progress, .. } = &mut *self.memory;
        if progress.weight <= 0.0 {
            return Err(Error::EmptyBatch);
        }
        let share = 1.0 / progress.weight;
        if share != 1.0 {
            gradient.visit_mut(&mut |group| kernel::scale(share, group));
        }
        progress.steps = progress.steps.saturating_add(1);
        let step = Step::new(&self.rule, progress.steps, rate, Some(gradient));
        network.apply(gradient, state, &step);
        let loss = progress.loss * share;
        self.clear();
        Ok(loss)
    }

    /// Forgets what was accumulated.
    pub fn clear(&mut self) {
        let Memory { gradient, progress, .. } = &mut *self.memory;
        gradient.visit_mut(&mut |group| group.fill(0.0));
        progress.weight = 0.0;
        progress.loss = 0.0;
    }

    /// The sum of the gradients accumulated so far.
    pub fn gradient(&self) -> &N::Gradient {
        &self.memory.gradient
    }

    /// Trains on one batch and returns its mean loss before the step.
    ///
    /// # Errors
    /// That of the first sample that is refused, or [`Error::EmptyBatch`]. The whole batch is then forgotten; network and
    /// optimizer state are as they were.
    pub fn step<'s>(&mut self, batch: impl IntoIterator<Item = (&'s N::Input, &'s L::Target)>) -> Result<f32, Error>
    where
        N::Input: 's,
        L::Target: 's,
    {
        self.clear();
        for (input, target) in batch {
            if let Err(error) = self.accumulate(input, target) {
                self.clear();
                return Err(error);
            }
        }
        self.apply()
    }

    /// Trains on the samples of `data` that `order` names, `batch_size` a step (the last batch may be smaller), and returns
    /// their mean loss.
    ///
    /// # Errors
    /// [`Error::Setting`] for a batch size of 0, [`Error::EmptyBatch`] if `order` names no sample, or the error of the first
    /// sample that is refused: its batch is then forgotten; the steps before it have been taken.
    pub fn epoch<D: Dataset<Input = N::Input, Target = L::Target>>(
        &mut self,
        data: &D,
        order: impl IntoIterator<Item = usize>,
        batch_size: usize,
    ) -> Result<f32, Error> {
        Setting::BatchSize.require(0.0, batch_size > 0)?;
        self.clear();
        let mut order = order.into_iter().peekable();
        let (mut loss, mut steps) = (0.0, 0);
        while order.peek().is_some() {
            for index in order.by_ref().take(batch_size) {
                if let Err(error) = self.accumulate_from(data, index) {
                    self.clear();
                    return Err(error);
                }
            }
            loss += self.apply()?;
            steps += 1;
        }
        mean(loss, steps)
    }

    fn accumulate_from<D: Dataset<Input = N::Input, Target = L::Target>>(
        &mut self,
        data: &D,
        index: usize,
    ) -> Result<f32, Error> {
        let mut input = N::Input::ZERO;
        let target = data.load(index, &mut input)?;
        self.accumulate(&input, &target)
    }
}
