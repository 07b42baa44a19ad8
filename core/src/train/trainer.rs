//! What both ways to take a step share.

use super::{Dataset, Fused, Memory, Mode};
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::Rule;
use crate::optim::schedule::{Schedule, require_rate};
use crate::tensor::{Tensor, Zero};
use core::fmt;

/// Trains the network in a [`Memory`]: a loss, an update rule and a learning-rate schedule (a plain `f32` is a constant
/// rate).
///
/// A sample that comes back as an error has changed neither the network nor the optimizer's state. What no trainer can
/// prevent is a learning rate or weight decay so large that finite steps lead away: the loss then grows, and the step at
/// which it overflows is refused ([`EarlyStopping`](super::EarlyStopping) keeps the best network, a
/// [`GuardedTrainer`](super::GuardedTrainer) turns back).
///
/// ```
/// use kilograd::prelude::*;
///
/// let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
/// let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25)?;
/// assert_eq!(trainer.step(&[2.0].into(), &[1.0].into()), Ok(1.0));
/// assert_eq!(trainer.step(&[f32::NAN].into(), &[1.0].into()), Err(Error::InputNotFinite));
/// assert_eq!(trainer.network().weights, Matrix::new([[1.0]]));
/// # Ok::<(), Error>(())
/// ```
pub struct Trainer<'m, N: Layer, L, R: Rule, S, M: Mode = Fused> {
    pub(crate) memory: &'m mut Memory<N, R, M>,
    pub(super) loss: L,
    pub(super) rule: R,
    pub(super) schedule: S,
}

impl<'m, N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule, M: Mode> Trainer<'m, N, L, R, S, M> {
    /// Continues whatever is in `memory`.
    ///
    /// # Errors
    /// [`Error::Setting`] or [`Error::LearningRate`] for a setting outside its range.
    pub fn new(memory: &'m mut Memory<N, R, M>, loss: L, rule: R, schedule: S) -> Result<Self, Error> {
        loss.check()?;
        rule.check()?;
        schedule.check()?;
        Ok(Self { memory, loss, rule, schedule })
    }

    /// The network.
    pub fn network(&self) -> &N {
        &self.memory.network
    }

    /// The network, to be changed from outside.
    pub fn network_mut(&mut self) -> &mut N {
        &mut self.memory.network
    }

    /// All that training remembers: what a [`checkpoint`](crate::checkpoint) saves.
    pub fn memory(&self) -> &Memory<N, R, M> {
        self.memory
    }

    /// How many steps have been taken.
    pub fn steps(&self) -> u32 {
        self.memory.steps()
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f32 {
        self.schedule.learning_rate(self.memory.progress.steps)
    }

    /// The schedule.
    pub fn schedule(&self) -> &S {
        &self.schedule
    }

    /// The schedule, to be told a metric ([`Plateau`](crate::optim::schedule::Plateau)) or replaced. What it says is checked
    /// before every step.
    pub fn schedule_mut(&mut self) -> &mut S {
        &mut self.schedule
    }

    /// What the network said last: in the forward pass of the step just taken, for example, so that whatever else is counted
    /// beside the loss (a 0-1 error) costs no second one.
    pub fn output(&self) -> &N::Output {
        &self.memory.output
    }

    /// Shows what flowed in the last passes: for each place between two layers, counted from 0, and then for the output, the
    /// values and the loss's gradients with respect to them (those of the last backward pass). After a step, fused or
    /// accumulated, these are its last sample's. See [`monitor`](super::monitor) for what to make of them.
    pub fn visit_signals(&self, see: &mut impl FnMut(usize, &[f32], &[f32])) {
        let Memory { tape, output, d_output, .. } = &*self.memory;
        let mut place = 0;
        N::visit_tape(tape, &mut |values, gradients| {
            see(place, values, gradients);
            place += 1;
        });
        see(place, output.as_slice(), d_output.as_slice());
    }

    /// The network's output for `input`.
    pub fn predict(&mut self, input: &N::Input) -> &N::Output {
        let Memory { network, tape, output, .. } = &mut *self.memory;
        network.forward(input, output, tape);
        output
    }

    /// The loss of one sample and the output it comes from, without training: what is held out is measured with this.
    ///
    /// # Errors
    /// As for a step; the gradient is not looked at.
    pub fn evaluate(&mut self, input: &N::Input, target: &L::Target) -> Result<(f32, &N::Output), Error> {
        if !input.is_finite() {
            // An activation may hide it from the loss, and no backward pass follows that would see it.
            return Err(Error::InputNotFinite);
        }
        let Memory { network, tape, output, .. } = &mut *self.memory;
        network.forward(input, output, tape);
        let loss = self.loss(input, target)?;
        Ok((loss, &self.memory.output))
    }

    /// The mean loss over the samples of `data` that `indices` names; `see` is shown every target and output, to count
    /// what else is worth knowing (a [`ConfusionMatrix`](super::ConfusionMatrix), say).
    ///
    /// # Errors
    /// That of the first sample that cannot be evaluated or that `see` refuses, [`Error::EmptyBatch`] if there is none, or
    /// [`Error::LossNotFinite`] if the sum of finite losses, or their mean, overflows.
    pub fn evaluate_all<D: Dataset<Input = N::Input, Target = L::Target> + ?Sized>(
        &mut self,
        data: &D,
        indices: impl IntoIterator<Item = usize>,
        mut see: impl FnMut(&L::Target, &N::Output) -> Result<(), Error>,
    ) -> Result<f32, Error> {
        let mut input = N::Input::ZERO;
        let (mut loss, mut weight) = (0.0, 0.0);
        for index in indices {
            let target = data.load(index, &mut input)?;
            let (sample_loss, output) = self.evaluate(&input, &target)?;
            see(&target, output)?;
            loss += sample_loss;
            weight += self.loss.weight(&target);
        }
        mean(loss, weight)
    }

    /// Fills the output's gradient and returns the loss of the output.
    pub(super) fn loss(&mut self, input: &N::Input, target: &L::Target) -> Result<f32, Error> {
        let Memory { output, d_output, .. } = &mut *self.memory;
        let loss = self.loss.evaluate(output, target, d_output)?;
        // An output of −∞ that the loss gives no weight leaves the loss finite.
        match loss.is_finite() && output.is_finite() {
            true => Ok(loss),
            false if input.is_finite() => Err(Error::LossNotFinite),
            false => Err(Error::InputNotFinite),
        }
    }

    /// Everything of a sample up to where parameters would change; returns the loss.
    pub(super) fn forward_backward(&mut self, input: &N::Input, target: &L::Target) -> Result<f32, Error> {
        let Memory { network, tape, output, .. } = &mut *self.memory;
        network.forward_training(input, output, tape);
        let loss = self.loss(input, target)?;
        let Memory { network, tape, output, d_output, .. } = &mut *self.memory;
        network.backward(input, output, tape, d_output, None).map(|()| loss).map_err(|error| backward_error(error, input))
    }

    /// The learning rate of the next step, which a schedule from outside may have got wrong.
    pub(super) fn checked_rate(&self) -> Result<f32, Error> {
        let rate = self.learning_rate();
        require_rate(rate).map(|()| rate)
    }
}

impl<N: Layer, L: fmt::Debug, R: Rule + fmt::Debug, S: fmt::Debug, M: Mode> fmt::Debug for Trainer<'_, N, L, R, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, loss, rule, schedule } = self;
        let mut fields = f.debug_struct("Trainer");
        fields.field("memory", memory).field("loss", loss).field("rule", rule).field("schedule", schedule).finish()
    }
}

/// What a backward pass from `input` that ended in `error` is refused with.
pub(super) fn backward_error(error: Error, input: &impl Tensor) -> Error {
    match error {
        _ if !input.is_finite() => Error::InputNotFinite,
        // A layer that stands first among those that need a gradient, but not in the network.
        Error::InputNotFinite => Error::LossNotFinite,
        error => error,
    }
}

/// The mean of a loss that was summed over samples of this weight together.
pub(super) fn mean(sum: f32, weight: f32) -> Result<f32, Error> {
    let mean = sum / weight;
    match weight > 0.0 {
        true if mean.is_finite() => Ok(mean),
        true => Err(Error::LossNotFinite),
        false => Err(Error::EmptyBatch),
    }
}
