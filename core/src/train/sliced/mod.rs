//! Steps in slices of bounded work.

mod accumulated;
mod fused;

use super::trainer::backward_error;
use super::{Fused, Memory, Mode, Trainer};
use crate::error::Error;
use crate::layer::{ELEMENT_COST, Slice, Sliced};
use crate::loss::Loss;
use crate::optim::Rule;
use crate::optim::schedule::Schedule;
use crate::tensor::{Parameters, Zero};
use core::fmt;

/// Takes the steps of a [`Trainer`] in slices of bounded work, so that a main loop, an interrupt-driven scheduler or an `async`
/// task goes on between them: [`begin`](SlicedTrainer::begin) a step, [`advance`](SlicedTrainer::advance) it until it is done.
/// However it is sliced, it ends in the same bits as in one go. *Memory:* the trainer's, a sample, the rule's plan and 24 bytes.
///
/// A budget is a number of multiply-accumulates; a slice takes at least one [piece](Sliced), so it does no more than its budget
/// or [`LARGEST_PIECE`](SlicedTrainer::LARGEST_PIECE), whichever is more. On a Cortex-M4 a slice takes at most 9 cycles a unit
/// (`benches/cycles/run`, regions `slice`).
///
/// What is refused has changed nothing: parameters and optimizer state only change in the last of a step's passes, which cannot
/// fail. While it lasts the network is neither the old nor the new one, so nothing shows it
/// ([`network`](SlicedTrainer::network)); before, it is the old one.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::{Progress, SlicedTrainer};
///
/// let mut memory = Memory::<network![2 => 4 => Relu => 1], Sgd>::ZERO;
/// let trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25)?;
/// let mut trainer = SlicedTrainer::new(trainer);
/// trainer.begin(&[1.0, 2.0].into(), [1.0].into())?;
/// let mut slices = 1;
/// while trainer.advance(8)? == Progress::More {
///     slices += 1; // Whatever else there is to do.
/// }
/// assert!(slices > 3);
/// assert_eq!(trainer.network()?.second.bias, Vector::new([0.5]));
/// # Ok::<(), Error>(())
/// ```
pub struct SlicedTrainer<'m, N: Sliced, L: Loss<N::Output>, R: Rule, S, M: Mode = Fused> {
    trainer: Trainer<'m, N, L, R, S, M>,
    input: N::Input,
    target: Option<L::Target>,
    plan: Option<R::Plan>,
    rate: f32,
    loss: f32,
    pass: Pass,
    at: usize,
}

/// How a step in slices stands.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "a step is not taken until it is done"]
pub enum Progress {
    /// There is more to do.
    More,
    /// Done, with the loss that the step in one go returns.
    Done(f32),
}

/// The passes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// No step has begun.
    Idle,
    Forward,
    Loss,
    Backward,
    /// The sample's gradient into the parameters, or into the sum.
    Parameters,
    /// Of a batch: whether its mean gradient is within the limit, the mean, the rule's plan, the step, zeros.
    Check,
    Mean,
    Plan,
    Apply,
    Clear,
}

impl<'m, N: Sliced, L: Loss<N::Output>, R: Rule, S: Schedule, M: Mode> SlicedTrainer<'m, N, L, R, S, M> {
    /// What evaluating a loss costs.
    const LOSS: usize = ELEMENT_COST * N::Output::COUNT;

    /// What the costliest piece costs, in multiply-accumulates: the bound of a slice whose budget is below. Where a gradient is
    /// stored, that is looking at all of it once ([`ClipNorm`](crate::optim::ClipNorm); other rules do not look).
    pub const LARGEST_PIECE: usize = {
        let step = N::LARGEST_PIECE + N::LARGEST_PART * R::COST;
        let passes = if step > Self::LOSS { step } else { Self::LOSS };
        if M::Gradient::<N>::COUNT > passes { M::Gradient::<N>::COUNT } else { passes }
    };

    /// Slices the steps of `trainer`.
    pub fn new(trainer: Trainer<'m, N, L, R, S, M>) -> Self {
        let (input, pass) = (N::Input::ZERO, Pass::Idle);
        Self { trainer, input, target: None, plan: None, rate: 0.0, loss: 0.0, pass, at: 0 }
    }

    /// Begins with one sample, which is copied, so that its place is free for the next one.
    ///
    /// # Errors
    /// [`Error::StepUnfinished`] if a step has begun and is not done, [`Error::LearningRate`] if the schedule says an invalid one.
    pub fn begin(&mut self, input: &N::Input, target: L::Target) -> Result<(), Error> {
        self.require_idle()?;
        self.rate = self.trainer.checked_rate()?;
        self.input.copy_from(input);
        self.target = Some(target);
        self.enter(Pass::Forward);
        Ok(())
    }

    /// The trainer, between two steps.
    ///
    /// # Errors
    /// [`Error::StepUnfinished`] if a step has begun and is not done.
    pub fn trainer(&mut self) -> Result<&mut Trainer<'m, N, L, R, S, M>, Error> {
        self.require_idle().map(|()| &mut self.trainer)
    }

    /// The network, unless parameters are being changed.
    ///
    /// # Errors
    /// [`Error::StepUnfinished`] if a step has changed some parameters, but not all.
    pub fn network(&self) -> Result<&N, Error> {
        match self.pass {
            Pass::Apply => Err(Error::StepUnfinished),
            Pass::Parameters if M::Gradient::<N>::COUNT == 0 => Err(Error::StepUnfinished),
            _ => Ok(self.trainer.network()),
        }
    }

    fn require_idle(&self) -> Result<(), Error> {
        if self.pass == Pass::Idle { Ok(()) } else { Err(Error::StepUnfinished) }
    }

    fn enter(&mut self, pass: Pass) {
        (self.pass, self.at) = (pass, 0);
    }

    /// Ends the step, well or not.
    fn leave(&mut self) {
        self.enter(Pass::Idle);
        (self.target, self.plan) = (None, None);
    }

    /// Runs passes until the slice is used up or the step is done.
    fn advance_by(
        &mut self,
        budget: usize,
        mut parameters: impl FnMut(&mut Self, &mut Slice) -> Result<Option<Pass>, Error>,
    ) -> Result<Progress, Error> {
        if self.pass == Pass::Idle {
            return Err(Error::EmptyBatch);
        }
        let mut slice = Slice::new(self.at, budget);
        loop {
            let next = match self.pass {
                Pass::Forward | Pass::Loss | Pass::Backward => self.towards_gradient(&mut slice),
                _ => parameters(self, &mut slice),
            };
            self.at = slice.at();
            match next.inspect_err(|_| self.leave())? {
                None => return Ok(Progress::More),
                Some(Pass::Idle) => {
                    self.leave();
                    return Ok(Progress::Done(self.loss));
                }
                Some(pass) => {
                    self.enter(pass);
                    slice.next_pass();
                }
            }
        }
    }

    /// A slice of what comes before parameters; returns the pass that follows, if it is finished.
    fn towards_gradient(&mut self, slice: &mut Slice) -> Result<Option<Pass>, Error> {
        let Some(target) = &self.target else { return Err(Error::EmptyBatch) };
        match self.pass {
            Pass::Forward => {
                let Memory { network, tape, output, .. } = &mut *self.trainer.memory;
                network.forward_slice(&self.input, output, tape, slice);
                Ok((slice.at() >= N::FORWARD).then_some(Pass::Loss))
            }
            Pass::Loss => {
                if slice.take(1, Self::LOSS) == 0 {
                    return Ok(None);
                }
                self.loss = self.trainer.loss(&self.input, target)?;
                Ok(Some(Pass::Backward))
            }
            _ => {
                let Memory { network, tape, output, d_output, .. } = &mut *self.trainer.memory;
                let result = network.backward_slice(&self.input, output, tape, d_output, None, slice);
                result.map_err(|error| backward_error(error, &self.input))?;
                Ok((slice.at() >= N::BACKWARD).then_some(Pass::Parameters))
            }
        }
    }
}

/// How the step stands; the trainer's own fields are the [`Trainer`]'s to show.
impl<N: Sliced, L: Loss<N::Output>, R: Rule, S, M: Mode> fmt::Debug for SlicedTrainer<'_, N, L, R, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("SlicedTrainer");
        fields.field("pass", &self.pass).field("piece", &self.at).finish_non_exhaustive()
    }
}
