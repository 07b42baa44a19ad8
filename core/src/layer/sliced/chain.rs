//! One layer after another: the pieces of both.

use super::{Slice, Sliced};
use crate::error::Error;
use crate::layer::{Chain, ChainTape, Meets};
use crate::optim::{Elementwise, Partwise, Step};

impl<A: Sliced, B: Sliced> Sliced for Chain<A, B>
where
    A::Output: Meets<B::Input>,
{
    const COST: usize = A::COST + B::COST;
    const LARGEST_PIECE: usize = if A::LARGEST_PIECE > B::LARGEST_PIECE { A::LARGEST_PIECE } else { B::LARGEST_PIECE };
    const LARGEST_PART: usize = if A::LARGEST_PART > B::LARGEST_PART { A::LARGEST_PART } else { B::LARGEST_PART };
    const FORWARD: usize = A::FORWARD + B::FORWARD;
    const BACKWARD: usize = B::BACKWARD + A::BACKWARD;
    const PARAMETERS: usize = A::PARAMETERS + B::PARAMETERS;

    fn forward_slice(&self, input: &A::Input, output: &mut B::Output, tape: &mut Self::Tape, slice: &mut Slice) {
        let ChainTape { middle, first, second, .. } = tape;
        slice.within(0, A::FORWARD, |slice| self.first.forward_slice(input, middle, first, slice));
        slice.within(A::FORWARD, B::FORWARD, |slice| {
            self.second.forward_slice((*middle).as_input(), output, second, slice);
        });
    }

    fn backward_slice(
        &self,
        input: &A::Input,
        output: &B::Output,
        tape: &mut Self::Tape,
        d_output: &mut B::Output,
        d_input: Option<&mut A::Input>,
        slice: &mut Slice,
    ) -> Result<(), Error> {
        let ChainTape { middle, d_middle, first, second } = tape;
        let is_wanted = A::COUNT > 0 || d_input.is_some();
        slice
            .within(0, B::BACKWARD, |slice| {
                let d_passed_on = is_wanted.then_some((*d_middle).as_input_mut());
                self.second.backward_slice((*middle).as_input(), output, second, d_output, d_passed_on, slice)
            })
            .unwrap_or(Ok(()))?;
        slice
            .within(B::BACKWARD, A::BACKWARD, |slice| self.first.backward_slice(input, middle, first, d_middle, d_input, slice))
            .unwrap_or(Ok(()))
    }

    fn accumulate_slice(
        &self,
        input: &A::Input,
        tape: &Self::Tape,
        d_output: &B::Output,
        gradient: &mut Self::Gradient,
        slice: &mut Slice,
    ) {
        slice.within(0, A::PARAMETERS, |slice| {
            self.first.accumulate_slice(input, &tape.first, &tape.d_middle, &mut gradient.0, slice);
        });
        slice.within(A::PARAMETERS, B::PARAMETERS, |slice| {
            self.second.accumulate_slice(tape.middle.as_input(), &tape.second, d_output, &mut gradient.1, slice);
        });
    }

    fn update_slice<R: Elementwise>(
        &mut self,
        input: &A::Input,
        tape: &Self::Tape,
        d_output: &B::Output,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        slice.within(0, A::PARAMETERS, |slice| {
            self.first.update_slice(input, &tape.first, &tape.d_middle, &mut state.0, step, slice);
        });
        slice.within(A::PARAMETERS, B::PARAMETERS, |slice| {
            self.second.update_slice(tape.middle.as_input(), &tape.second, d_output, &mut state.1, step, slice);
        });
    }

    fn apply_slice<R: Partwise>(
        &mut self,
        gradient: &mut Self::Gradient,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        slice.within(0, A::PARAMETERS, |slice| self.first.apply_slice(&mut gradient.0, &mut state.0, step, slice));
        slice.within(A::PARAMETERS, B::PARAMETERS, |slice| {
            self.second.apply_slice(&mut gradient.1, &mut state.1, step, slice);
        });
    }
}
