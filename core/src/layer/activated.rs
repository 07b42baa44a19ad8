//! A layer and its activation in one place.

use super::{Dense, Layer};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Zero};
use rand_core::Rng;

/// An activation whose derivative can be told from what comes out of it, so that it can work in place.
pub trait Activation: Zero {
    /// What an element costs, about, in multiply-accumulates: what a [`Slice`](super::Slice) of a pass counts with.
    const COST: usize = super::ELEMENT_COST;

    /// Replaces every value by the activation's.
    fn activate(&self, values: &mut [f32]);

    /// Multiplies every delta by the derivative, told from the activation's `output`.
    fn pull_back(&self, output: &[f32], deltas: &mut [f32]);
}

/// A layer whose [`backward`](Layer::backward) does not look at its output, so that something else may stand there.
pub trait Affine: Layer {}

impl<const IN: usize, const OUT: usize> Affine for Dense<IN, OUT> {}

/// `F` of what comes out of `L`, in place: 8 bytes of tape less for each value than a [`Chain`](super::Chain) of the two takes.
/// *Tape:* L's.
///
/// [`network!`](crate::network) makes one of a width that [`Relu`](super::Relu), [`Sigmoid`](super::Sigmoid) or
/// [`Tanh`](super::Tanh) follows.
///
/// ```
/// use kilograd::layer::{Activated, Dense, Layer, Relu};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let layer = Dense { weights: Matrix::new([[1.0, -1.0]]), bias: Vector::ZERO };
/// let mut y = Vector::ZERO;
/// Activated { layer, activation: Relu::<2> }.forward(&Vector::new([2.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([2.0, 0.0]));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Activated<L, F> {
    /// What computes the values.
    pub layer: L,
    /// What is made of them.
    pub activation: F,
}

impl<L: Zero, F: Zero> Zero for Activated<L, F> {
    const ZERO: Self = Self { layer: L::ZERO, activation: F::ZERO };
}

impl<L: Parameters, F: Activation> Parameters for Activated<L, F> {
    const COUNT: usize = L::COUNT;
    const BUFFERS: usize = L::BUFFERS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.layer.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.layer.visit_buffers(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_buffers_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.layer.copy_from(&other.layer);
    }
}

impl<L: Affine, F: Activation> Layer for Activated<L, F> {
    type Input = L::Input;
    type Output = L::Output;
    type Tape = L::Tape;
    type Gradient = L::Gradient;
    type State<R: Rule> = L::State<R>;

    fn forward(&self, input: &L::Input, output: &mut L::Output, tape: &mut L::Tape) {
        self.layer.forward(input, output, tape);
        self.activation.activate(output.as_mut_slice());
    }

    fn forward_training(&self, input: &L::Input, output: &mut L::Output, tape: &mut L::Tape) {
        self.layer.forward_training(input, output, tape);
        self.activation.activate(output.as_mut_slice());
    }

    fn backward(
        &self,
        input: &L::Input,
        output: &L::Output,
        tape: &mut L::Tape,
        d_output: &mut L::Output,
        d_input: Option<&mut L::Input>,
    ) -> Result<(), Error> {
        self.activation.pull_back(output.as_slice(), d_output.as_mut_slice());
        self.layer.backward(input, output, tape, d_output, d_input)
    }

    fn accumulate(&self, input: &L::Input, tape: &L::Tape, d_output: &L::Output, gradient: &mut L::Gradient) {
        self.layer.accumulate(input, tape, d_output, gradient);
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &L::Input,
        tape: &L::Tape,
        d_output: &L::Output,
        state: &mut L::State<R>,
        step: &Step<'_, R>,
    ) {
        self.layer.update(input, tape, d_output, state, step);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut L::Gradient, state: &mut L::State<R>, step: &Step<'_, R>) {
        self.layer.apply(gradient, state, step);
    }

    fn forward_watched(&self, input: &L::Input, output: &mut L::Output, tape: &mut L::Tape, see: &mut impl FnMut(&[f32])) {
        self.layer.forward_watched(input, output, tape, see);
        self.activation.activate(output.as_mut_slice());
    }

    fn visit_weights(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_weights(change);
    }

    fn forward_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [L::Tape]) {
        self.layer.forward_rows(inputs, outputs, tapes);
        self.activation.activate(outputs);
    }

    fn forward_training_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [L::Tape]) {
        self.layer.forward_training_rows(inputs, outputs, tapes);
        self.activation.activate(outputs);
    }

    fn backward_rows(
        &self,
        inputs: &[f32],
        outputs: &[f32],
        tapes: &mut [L::Tape],
        d_outputs: &mut [f32],
        d_inputs: Option<&mut [f32]>,
    ) -> Result<(), Error> {
        self.activation.pull_back(outputs, d_outputs);
        self.layer.backward_rows(inputs, outputs, tapes, d_outputs, d_inputs)
    }

    fn accumulate_rows(&self, inputs: &[f32], tapes: &[L::Tape], d_outputs: &[f32], gradient: &mut L::Gradient) {
        self.layer.accumulate_rows(inputs, tapes, d_outputs, gradient);
    }

    fn update_rows<R: Elementwise>(
        &mut self,
        inputs: &[f32],
        tapes: &[L::Tape],
        d_outputs: &[f32],
        state: &mut L::State<R>,
        step: &Step<'_, R>,
    ) {
        self.layer.update_rows(inputs, tapes, d_outputs, state, step);
    }

    fn visit_tape(tape: &L::Tape, see: &mut impl FnMut(&[f32], &[f32])) {
        L::visit_tape(tape, see);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        self.layer.initialize(weights, bias, rng);
    }
}
