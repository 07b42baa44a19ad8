//! Guarded steps with every sample.

use super::{GuardedTrainer, Outcome, Reason};
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::Elementwise;
use crate::optim::schedule::Schedule;
use crate::tensor::Tensor;
use crate::train::{Fused, Memory};
use kilograd_simd::kernel;

impl<N: Layer, L: Loss<N::Output>, R: Elementwise, S: Schedule> GuardedTrainer<'_, N, L, R, S, Fused> {
    /// Trains on one sample, or says why not.
    ///
    /// # Errors
    /// What the loss says of the target, or [`Error::LearningRate`] if the schedule says an invalid one: mistakes that a guard
    /// cannot mend. Nothing has changed.
    pub fn step(&mut self, input: &N::Input, target: &L::Target) -> Result<Outcome, Error> {
        let rate = self.checked_rate()?;
        let loss = match self.trainer.forward_backward(input, target) {
            Ok(loss) => loss,
            Err(error) => return Reason::of(error).map(|reason| self.refuse(reason)),
        };
        let gradient = self.gradient_bound(input);
        if let Some(reason) = self.objection(loss, gradient) {
            return Ok(self.refuse(reason));
        }
        self.trainer.descend(input, target, rate);
        self.accept(loss, gradient)
    }

    /// What the magnitudes of the gradient add up to, from what flowed: an input and a delta of magnitudes Σ|x| and Σ|δ| make
    /// weight gradients of Σ|x|·Σ|δ|, and biases Σ|δ|. Exact for a chain of dense layers.
    fn gradient_bound(&self, input: &N::Input) -> f32 {
        let Memory { tape, d_output, .. } = &*self.trainer.memory;
        let (mut bound, mut fed) = (0.0, 1.0 + input.norm_l1());
        N::visit_tape(tape, &mut |values, deltas| {
            bound += fed * kernel::sum_of_magnitudes(deltas);
            fed = 1.0 + kernel::sum_of_magnitudes(values);
        });
        bound + fed * d_output.norm_l1()
    }
}
