//! One layer after another.

use super::Layer;
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Zero};
use rand_core::Rng;

/// Says that what comes out of one layer is what the next one takes: true of every type and itself.
///
/// A bound `B: Layer<Input = A::Output>` would say the same, but a width that does not fit would then be a mismatch of types
/// deep inside the network's; this trait has words of its own.
#[diagnostic::on_unimplemented(
    message = "layer widths do not meet: one layer gives `{Self}`, the next takes `{Input}`",
    label = "one of these layers gives `{Self}`, the next takes `{Input}`",
    note = "the output width of a layer must equal the input width of the next"
)]
pub trait Meets<Input> {
    /// The output as the next layer's input.
    fn as_input(&self) -> &Input;

    /// The gradient with respect to the output, as that with respect to the next layer's input.
    fn as_input_mut(&mut self) -> &mut Input;
}

impl<Signal> Meets<Signal> for Signal {
    fn as_input(&self) -> &Signal {
        self
    }

    fn as_input_mut(&mut self) -> &mut Signal {
        self
    }
}

/// `A`, then `B` on what comes out of `A`; several are nested to the right. *Tape:* both layers' and, for each value that
/// passes from `A` to `B`, 4 bytes for it and 4 for the gradient with respect to it.
///
/// ```
/// use kilograd::layer::{Chain, Dense, Relu};
///
/// type Net = Chain<Dense<64, 32>, Chain<Relu<32>, Dense<32, 10>>>;
/// ```
///
/// A width that does not fit is an error at the line that says it:
///
/// ```compile_fail
/// use kilograd::layer::{Chain, Dense, Relu};
///
/// struct Net(Chain<Dense<64, 32>, Relu<30>>); // layer widths do not meet
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain<A: Layer, B: Layer>
where
    A::Output: Meets<B::Input>,
{
    /// The layer that sees the input.
    pub first: A,
    /// The layer that sees what comes out of `first`.
    pub second: B,
}

/// What a [`Chain`] remembers between forward and backward.
pub struct ChainTape<A: Layer, B: Layer> {
    pub(super) middle: A::Output,
    pub(super) d_middle: A::Output,
    pub(super) first: A::Tape,
    pub(super) second: B::Tape,
}

impl<A: Layer, B: Layer> Zero for ChainTape<A, B> {
    const ZERO: Self = Self { middle: A::Output::ZERO, d_middle: A::Output::ZERO, first: A::Tape::ZERO, second: B::Tape::ZERO };
}

impl<A: Layer, B: Layer> Zero for Chain<A, B>
where
    A::Output: Meets<B::Input>,
{
    const ZERO: Self = Self { first: A::ZERO, second: B::ZERO };
}

impl<A: Layer, B: Layer> Parameters for Chain<A, B>
where
    A::Output: Meets<B::Input>,
{
    const COUNT: usize = A::COUNT + B::COUNT;
    const BUFFERS: usize = A::BUFFERS + B::BUFFERS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.first.visit(see);
        self.second.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.first.visit_mut(change);
        self.second.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.first.visit_buffers(see);
        self.second.visit_buffers(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.first.visit_buffers_mut(change);
        self.second.visit_buffers_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.first.copy_from(&other.first);
        self.second.copy_from(&other.second);
    }
}

impl<A: Layer, B: Layer> Layer for Chain<A, B>
where
    A::Output: Meets<B::Input>,
{
    type Input = A::Input;
    type Output = B::Output;
    type Tape = ChainTape<A, B>;
    type Gradient = (A::Gradient, B::Gradient);
    type State<R: Rule> = (A::State<R>, B::State<R>);

    fn forward(&self, input: &A::Input, output: &mut B::Output, tape: &mut Self::Tape) {
        self.first.forward(input, &mut tape.middle, &mut tape.first);
        self.second.forward(tape.middle.as_input(), output, &mut tape.second);
    }

    fn forward_training(&self, input: &A::Input, output: &mut B::Output, tape: &mut Self::Tape) {
        self.first.forward_training(input, &mut tape.middle, &mut tape.first);
        self.second.forward_training(tape.middle.as_input(), output, &mut tape.second);
    }

    fn backward(
        &self,
        input: &A::Input,
        output: &B::Output,
        tape: &mut Self::Tape,
        d_output: &mut B::Output,
        d_input: Option<&mut A::Input>,
    ) -> Result<(), Error> {
        let ChainTape { middle, d_middle, first, second } = tape;
        let (passed_on, d_passed_on) = ((*middle).as_input(), (*d_middle).as_input_mut());
        // What has nothing to train, and nothing before it that has, needs no gradient.
        let is_wanted = A::COUNT > 0 || d_input.is_some();
        self.second.backward(passed_on, output, second, d_output, is_wanted.then_some(d_passed_on))?;
        self.first.backward(input, middle, first, d_middle, d_input)
    }

    fn accumulate(&self, input: &A::Input, tape: &Self::Tape, d_output: &B::Output, gradient: &mut Self::Gradient) {
        self.first.accumulate(input, &tape.first, &tape.d_middle, &mut gradient.0);
        self.second.accumulate(tape.middle.as_input(), &tape.second, d_output, &mut gradient.1);
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &A::Input,
        tape: &Self::Tape,
        d_output: &B::Output,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        self.first.update(input, &tape.first, &tape.d_middle, &mut state.0, step);
        self.second.update(tape.middle.as_input(), &tape.second, d_output, &mut state.1, step);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, state: &mut Self::State<R>, step: &Step<'_, R>) {
        self.first.apply(&mut gradient.0, &mut state.0, step);
        self.second.apply(&mut gradient.1, &mut state.1, step);
    }

    fn forward_watched(&self, input: &A::Input, output: &mut B::Output, tape: &mut Self::Tape, see: &mut impl FnMut(&[f32])) {
        self.first.forward_watched(input, &mut tape.middle, &mut tape.first, see);
        self.second.forward_watched(tape.middle.as_input(), output, &mut tape.second, see);
    }

    fn visit_weights(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.first.visit_weights(change);
        self.second.visit_weights(change);
    }

    fn visit_tape(tape: &Self::Tape, see: &mut impl FnMut(&[f32], &[f32])) {
        A::visit_tape(&tape.first, see);
        see(tape.middle.as_slice(), tape.d_middle.as_slice());
        B::visit_tape(&tape.second, see);
    }

    const COUNTERS: usize = A::COUNTERS + B::COUNTERS;

    fn visit_counters(&self, tape: &Self::Tape, see: &mut impl FnMut(u32)) {
        self.first.visit_counters(&tape.first, see);
        self.second.visit_counters(&tape.second, see);
    }

    fn visit_counters_mut(&mut self, tape: &mut Self::Tape, change: &mut impl FnMut(&mut u32)) {
        self.first.visit_counters_mut(&mut tape.first, change);
        self.second.visit_counters_mut(&mut tape.second, change);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        self.first.initialize(weights, bias, rng);
        self.second.initialize(weights, bias, rng);
    }
}
