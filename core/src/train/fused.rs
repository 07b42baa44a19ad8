//! A step with every sample, the gradient never stored.

use super::trainer::mean;
use super::{Dataset, Fused, Memory, Trainer};
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::Zero;

// `Elementwise` is asked for at each method, not here: so a rule that is not says why, instead of having no such method.
impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule> Trainer<'_, N, L, R, S, Fused> {
    /// Trains on one sample and returns its loss before the step. Where samples have weights
    /// ([`WeightedCrossEntropy`](crate::loss::WeightedCrossEntropy)), loss and step are as large as the sample weighs, and
    /// for one that weighs nothing no step is taken.
    ///
    /// # Errors
    /// [`Error::InputNotFinite`], [`Error::LossNotFinite`], [`Error::GradientTooLarge`], [`Error::LearningRate`] or what the
    /// loss says of the target. Network and optimizer state are then as they were.
    pub fn step(&mut self, input: &N::Input, target: &L::Target) -> Result<f32, Error>
    where
        R: Elementwise,
    {
        let rate = self.checked_rate()?;
        let loss = self.forward_backward(input, target)?;
        self.descend(input, target, rate);
        Ok(loss)
    }

    /// The step itself, after the backward pass.
    pub(super) fn descend(&mut self, input: &N::Input, target: &L::Target, rate: f32)
    where
        R: Elementwise,
    {
        if self.loss.weight(target) <= 0.0 {
            return;
        }
        let Memory { network, state, tape, d_output, progress, .. } = &mut *self.memory;
        progress.steps = progress.steps.saturating_add(1);
        let step = Step::new::<()>(&self.rule, progress.steps, rate, None);
        network.update(input, tape, d_output, state, &step);
    }

    /// Trains on the samples of `data` that `order` names, one after another, and returns their mean loss.
    ///
    /// # Errors
    /// That of the first sample that is refused ([`step`](Trainer::step)); the steps before it have been taken.
    /// [`Error::EmptyBatch`] if `order` names no sample, [`Error::LossNotFinite`] if the sum of finite losses, or their mean,
    /// overflows: all steps have been taken then.
    pub fn epoch<D: Dataset<Input = N::Input, Target = L::Target> + ?Sized>(
        &mut self,
        data: &D,
        order: impl IntoIterator<Item = usize>,
    ) -> Result<f32, Error>
    where
        R: Elementwise,
    {
        let mut input = N::Input::ZERO;
        let (mut loss, mut weight) = (0.0, 0.0);
        for index in order {
            let target = data.load(index, &mut input)?;
            loss += self.step(&input, &target)?;
            weight += self.loss.weight(&target);
        }
        mean(loss, weight)
    }
}
