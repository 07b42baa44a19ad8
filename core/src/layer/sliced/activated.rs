//! A layer and its activation in one place: the layer's pieces and each element of the activation.

use super::{Slice, Sliced};
use crate::error::Error;
use crate::layer::{Activated, Activation, Affine};
use crate::optim::{Elementwise, Partwise, Step};
use crate::tensor::{Parameters, Tensor};

impl<L: Affine + Sliced, F: Activation> Sliced for Activated<L, F> {
    const COST: usize = L::COST + F::COST * L::Output::COUNT;
    const LARGEST_PIECE: usize = if L::LARGEST_PIECE > F::COST { L::LARGEST_PIECE } else { F::COST };
    const LARGEST_PART: usize = L::LARGEST_PART;
    const FORWARD: usize = L::FORWARD + L::Output::COUNT;
    const BACKWARD: usize = L::Output::COUNT + L::BACKWARD;
    const PARAMETERS: usize = L::PARAMETERS;

    fn forward_slice(&self, input: &L::Input, output: &mut L::Output, tape: &mut L::Tape, slice: &mut Slice) {
        slice.within(0, L::FORWARD, |slice| self.layer.forward_slice(input, output, tape, slice));
        slice.within(L::FORWARD, L::Output::COUNT, |slice| {
            let from = slice.at();
            let count = slice.take(L::Output::COUNT.saturating_sub(from), F::COST);
            self.activation.activate(output.as_mut_slice().get_mut(from..from + count).unwrap_or_default());
        });
    }

    fn backward_slice(
        &self,
        input: &L::Input,
        output: &L::Output,
        tape: &mut L::Tape,
        d_output: &mut L::Output,
        d_input: Option<&mut L::Input>,
        slice: &mut Slice,
    ) -> Result<(), Error> {
        slice.within(0, L::Output::COUNT, |slice| {
            let from = slice.at();
            let to = from + slice.take(L::Output::COUNT.saturating_sub(from), F::COST);
            let (output, deltas) = (output.as_slice().get(from..to), d_output.as_mut_slice().get_mut(from..to));
            self.activation.pull_back(output.unwrap_or_default(), deltas.unwrap_or_default());
        });
        slice
            .within(L::Output::COUNT, L::BACKWARD, |slice| {
                self.layer.backward_slice(input, output, tape, d_output, d_input, slice)
            })
            .unwrap_or(Ok(()))
    }

    fn accumulate_slice(
        &self,
        input: &L::Input,
        tape: &L::Tape,
        d_output: &L::Output,
        gradient: &mut L::Gradient,
        slice: &mut Slice,
    ) {
        self.layer.accumulate_slice(input, tape, d_output, gradient, slice);
    }

    fn update_slice<R: Elementwise>(
        &mut self,
        input: &L::Input,
        tape: &L::Tape,
        d_output: &L::Output,
        state: &mut L::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        self.layer.update_slice(input, tape, d_output, state, step, slice);
    }

    fn apply_slice<R: Partwise>(
        &mut self,
        gradient: &mut L::Gradient,
        state: &mut L::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        self.layer.apply_slice(gradient, state, step, slice);
    }
}
