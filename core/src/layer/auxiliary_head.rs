//! A second output, for layers far from the first one.

use super::rows::copy;
use super::{Chain, Layer, Meets};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Row, Tensor, Zero, take, take_mut};
use rand_core::Rng;

/// `B` after `A`, and a head `H` beside it that says the same from what comes out of `A`: the output has two rows, B's and
/// the head's, and [`DeepSupervision`](crate::loss::DeepSupervision) has a loss for both. So the first layers are told what is
/// wanted of them without all others in between. *Tape:* all three, 12 bytes for each value that A passes on and 16 for each
/// output.
///
/// The head is only there to train: [`write_chain`](AuxiliaryHead::write_chain) leaves it out. Source: *Deep Learning*,
/// section 8.7.5 (C. Szegedy et al., 2014; C.-Y. Lee et al., *Deeply-supervised nets*, 2015).
///
/// ```
/// use kilograd::layer::{AuxiliaryHead, Chain};
/// use kilograd::loss::DeepSupervision;
/// use kilograd::prelude::*;
///
/// type Lower = network![64 => 32 => Relu];
/// type Upper = network![32 => 32 => Relu => 10];
/// type Net = AuxiliaryHead<Lower, network![32 => 10], Upper>;
///
/// let mut memory = Memory::<Net, Sgd>::ZERO;
/// let loss = DeepSupervision { main: CrossEntropy::default(), head: CrossEntropy::default(), head_weight: 0.3 };
/// Trainer::new(&mut memory, loss, Sgd, 0.1)?.step(&Vector::new([1.0; 64]), &3)?;
///
/// let mut inference = Chain::<Lower, Upper>::ZERO;
/// memory.network.write_chain(&mut inference);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AuxiliaryHead<A: Layer, H: Layer, B: Layer>
where
    A::Output: Meets<H::Input> + Meets<B::Input>,
{
    /// What both see the output of.
    pub lower: A,
    /// What says the second row.
    pub head: H,
    /// What says the first row.
    pub upper: B,
}

/// What an [`AuxiliaryHead`] remembers between forward and backward.
pub struct HeadTape<A: Layer, H: Layer, B: Layer> {
    middle: A::Output,
    d_middle: A::Output,
    /// The head's part of the gradient with respect to `middle`.
    d_head_input: H::Input,
    outputs: (B::Output, H::Output),
    d_outputs: (B::Output, H::Output),
    lower: A::Tape,
    head: H::Tape,
    upper: B::Tape,
}

impl<A: Layer, H: Layer, B: Layer> Zero for HeadTape<A, H, B> {
    const ZERO: Self = Self {
        middle: A::Output::ZERO,
        d_middle: A::Output::ZERO,
        d_head_input: H::Input::ZERO,
        outputs: (B::Output::ZERO, H::Output::ZERO),
        d_outputs: (B::Output::ZERO, H::Output::ZERO),
        lower: A::Tape::ZERO,
        head: H::Tape::ZERO,
        upper: B::Tape::ZERO,
    };
}

impl<A: Layer, H: Layer, B: Layer> AuxiliaryHead<A, H, B>
where
    A::Output: Meets<H::Input> + Meets<B::Input>,
{
    /// Copies all but the head.
    pub fn write_chain(&self, chain: &mut Chain<A, B>) {
        chain.first.copy_from(&self.lower);
        chain.second.copy_from(&self.upper);
    }
}

impl<A: Layer, H: Layer, B: Layer> Zero for AuxiliaryHead<A, H, B>
where
    A::Output: Meets<H::Input> + Meets<B::Input>,
{
    const ZERO: Self = Self { lower: A::ZERO, head: H::ZERO, upper: B::ZERO };
}

impl<A: Layer, H: Layer, B: Layer> Parameters for AuxiliaryHead<A, H, B>
where
    A::Output: Meets<H::Input> + Meets<B::Input>,
{
    const COUNT: usize = A::COUNT + H::COUNT + B::COUNT;
    const BUFFERS: usize = A::BUFFERS + H::BUFFERS + B::BUFFERS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.lower.visit(see);
        self.head.visit(see);
        self.upper.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.lower.visit_mut(change);
        self.head.visit_mut(change);
        self.upper.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.lower.visit_buffers(see);
        self.head.visit_buffers(see);
        self.upper.visit_buffers(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.lower.visit_buffers_mut(change);
        self.head.visit_buffers_mut(change);
        self.upper.visit_buffers_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.lower.copy_from(&other.lower);
        self.head.copy_from(&other.head);
        self.upper.copy_from(&other.upper);
    }
}

/// Writes both outputs, one a row.
fn join<B: Tensor, H: Tensor>((main, head): &(B, H), rows: &mut [f32]) {
    let mut rows = rows;
    copy(main.as_slice(), take_mut(&mut rows, B::COUNT));
    copy(head.as_slice(), rows);
}

impl<A: Layer, H: Layer, B: Layer> Layer for AuxiliaryHead<A, H, B>
where
    A::Output: Meets<H::Input> + Meets<B::Input>,
    H: Layer<Output = <B as Layer>::Output>,
    B::Output: Row,
{
    type Input = A::Input;
    type Output = <B::Output as Row>::Rows<2>;
    type Tape = HeadTape<A, H, B>;
    type Gradient = (A::Gradient, (H::Gradient, B::Gradient));
    type State<R: Rule> = (A::State<R>, (H::State<R>, B::State<R>));

    fn forward(&self, input: &A::Input, output: &mut Self::Output, tape: &mut Self::Tape) {
        self.lower.forward(input, &mut tape.middle, &mut tape.lower);
        self.head.forward(tape.middle.as_input(), &mut tape.outputs.1, &mut tape.head);
        self.upper.forward(tape.middle.as_input(), &mut tape.outputs.0, &mut tape.upper);
        join(&tape.outputs, output.as_mut_slice());
    }

    fn forward_training(&self, input: &A::Input, output: &mut Self::Output, tape: &mut Self::Tape) {
        self.lower.forward_training(input, &mut tape.middle, &mut tape.lower);
        self.head.forward_training(tape.middle.as_input(), &mut tape.outputs.1, &mut tape.head);
        self.upper.forward_training(tape.middle.as_input(), &mut tape.outputs.0, &mut tape.upper);
        join(&tape.outputs, output.as_mut_slice());
    }

    fn backward(
        &self,
        input: &A::Input,
        _: &Self::Output,
        tape: &mut Self::Tape,
        d_output: &mut Self::Output,
        d_input: Option<&mut A::Input>,
    ) -> Result<(), Error> {
        let HeadTape { middle, d_middle, d_head_input, outputs, d_outputs, lower, head, upper } = tape;
        let mut rows = d_output.as_slice();
        copy(take(&mut rows, B::Output::COUNT), d_outputs.0.as_mut_slice());
        copy(rows, d_outputs.1.as_mut_slice());

        let is_wanted = A::COUNT > 0 || d_input.is_some();
        let d_passed_on: Option<&mut B::Input> = is_wanted.then(|| (*d_middle).as_input_mut());
        self.upper.backward((*middle).as_input(), &outputs.0, upper, &mut d_outputs.0, d_passed_on)?;
        let d_to_head = is_wanted.then_some(&mut *d_head_input);
        self.head.backward((*middle).as_input(), &outputs.1, head, &mut d_outputs.1, d_to_head)?;
        if is_wanted {
            let sum: &mut H::Input = (*d_middle).as_input_mut();
            sum.add(d_head_input);
        }
        self.lower.backward(input, middle, lower, d_middle, d_input)
    }

    fn accumulate(&self, input: &A::Input, tape: &Self::Tape, _: &Self::Output, gradient: &mut Self::Gradient) {
        let (lower, (head, upper)) = gradient;
        self.lower.accumulate(input, &tape.lower, &tape.d_middle, lower);
        self.head.accumulate(tape.middle.as_input(), &tape.head, &tape.d_outputs.1, head);
        self.upper.accumulate(tape.middle.as_input(), &tape.upper, &tape.d_outputs.0, upper);
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &A::Input,
        tape: &Self::Tape,
        _: &Self::Output,
        (lower, (head, upper)): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        self.lower.update(input, &tape.lower, &tape.d_middle, lower, step);
        self.head.update(tape.middle.as_input(), &tape.head, &tape.d_outputs.1, head, step);
        self.upper.update(tape.middle.as_input(), &tape.upper, &tape.d_outputs.0, upper, step);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, state: &mut Self::State<R>, step: &Step<'_, R>) {
        let ((lower, (head, upper)), (lower_state, (head_state, upper_state))) = (gradient, state);
        self.lower.apply(lower, lower_state, step);
        self.head.apply(head, head_state, step);
        self.upper.apply(upper, upper_state, step);
    }

    fn forward_watched(&self, input: &A::Input, output: &mut Self::Output, tape: &mut Self::Tape, see: &mut impl FnMut(&[f32])) {
        self.lower.forward_watched(input, &mut tape.middle, &mut tape.lower, see);
        self.head.forward_watched(tape.middle.as_input(), &mut tape.outputs.1, &mut tape.head, see);
        self.upper.forward_watched(tape.middle.as_input(), &mut tape.outputs.0, &mut tape.upper, see);
        join(&tape.outputs, output.as_mut_slice());
    }

    fn visit_weights(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.lower.visit_weights(change);
        self.head.visit_weights(change);
        self.upper.visit_weights(change);
    }

    fn visit_tape(tape: &Self::Tape, see: &mut impl FnMut(&[f32], &[f32])) {
        A::visit_tape(&tape.lower, see);
        see(tape.middle.as_slice(), tape.d_middle.as_slice());
        H::visit_tape(&tape.head, see);
        B::visit_tape(&tape.upper, see);
    }

    const COUNTERS: usize = A::COUNTERS + H::COUNTERS + B::COUNTERS;

    fn visit_counters(&self, tape: &Self::Tape, see: &mut impl FnMut(u32)) {
        self.lower.visit_counters(&tape.lower, see);
        self.head.visit_counters(&tape.head, see);
        self.upper.visit_counters(&tape.upper, see);
    }

    fn visit_counters_mut(&mut self, tape: &mut Self::Tape, change: &mut impl FnMut(&mut u32)) {
        self.lower.visit_counters_mut(&mut tape.lower, change);
        self.head.visit_counters_mut(&mut tape.head, change);
        self.upper.visit_counters_mut(&mut tape.upper, change);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        self.lower.initialize(weights, bias, rng);
        self.head.initialize(weights, bias, rng);
        self.upper.initialize(weights, bias, rng);
    }
}
