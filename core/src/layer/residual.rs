//! A skip connection.

use super::{Layer, Meets};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Zero};
use rand_core::Rng;

/// `y = x + L(x)`: what L does not help with passes by it, and so does the gradient. *Tape:* L's and 8 bytes an output.
///
/// Source: *Deep Learning*, section 8.7.5 (K. He et al., *Deep residual learning*, 2015).
///
/// ```
/// use kilograd::layer::{Chain, Dense, Residual};
/// use kilograd::prelude::*;
///
/// type Block = Residual<network![16 => 16 => Relu => 16]>;
/// type Net = Chain<network![64 => 16], Chain<Block, Chain<Block, Dense<16, 10>>>>;
///
/// let (block, x, mut y) = (Block::default(), Vector::new([2.0; 16]), Vector::ZERO);
/// block.forward(&x, &mut y, &mut Zero::ZERO);
/// assert_eq!(y, x); // all weights are zero
/// # let _ = Net::default();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Residual<L: Layer>
where
    L::Output: Meets<L::Input>,
{
    /// What is added to its own input.
    pub layer: L,
}

/// What a [`Residual`] remembers between forward and backward.
pub struct ResidualTape<L: Layer> {
    output: L::Output,
    d_output: L::Output,
    layer: L::Tape,
}

impl<L: Layer> Zero for ResidualTape<L> {
    const ZERO: Self = Self { output: L::Output::ZERO, d_output: L::Output::ZERO, layer: L::Tape::ZERO };
}

impl<L: Layer> Zero for Residual<L>
where
    L::Output: Meets<L::Input>,
{
    const ZERO: Self = Self { layer: L::ZERO };
}

impl<L: Layer> Parameters for Residual<L>
where
    L::Output: Meets<L::Input>,
{
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

/// `y = x + f`.
fn add<L: Layer>(x: &L::Input, f: &L::Output, y: &mut L::Output)
where
    L::Output: Meets<L::Input>,
{
    y.copy_from(f);
    let y: &mut L::Input = y.as_input_mut();
    y.add(x);
}

impl<L: Layer> Layer for Residual<L>
where
    L::Output: Meets<L::Input>,
{
    type Input = L::Input;
    type Output = L::Output;
    type Tape = ResidualTape<L>;
    type Gradient = L::Gradient;
    type State<R: Rule> = L::State<R>;

    fn forward(&self, input: &L::Input, output: &mut L::Output, tape: &mut Self::Tape) {
        self.layer.forward(input, &mut tape.output, &mut tape.layer);
        add::<L>(input, &tape.output, output);
    }

    fn forward_training(&self, input: &L::Input, output: &mut L::Output, tape: &mut Self::Tape) {
        self.layer.forward_training(input, &mut tape.output, &mut tape.layer);
        add::<L>(input, &tape.output, output);
    }

    fn backward(
        &self,
        input: &L::Input,
        _: &L::Output,
        tape: &mut Self::Tape,
        d_output: &mut L::Output,
        d_input: Option<&mut L::Input>,
    ) -> Result<(), Error> {
        let ResidualTape { output, d_output: passed_through, layer } = tape;
        passed_through.copy_from(d_output);
        let Some(d_input) = d_input else {
            return self.layer.backward(input, output, layer, passed_through, None);
        };
        self.layer.backward(input, output, layer, passed_through, Some(d_input))?;
        let passed_by: &L::Input = (*d_output).as_input();
        d_input.add(passed_by);
        Ok(())
    }

    fn accumulate(&self, input: &L::Input, tape: &Self::Tape, _: &L::Output, gradient: &mut L::Gradient) {
        self.layer.accumulate(input, &tape.layer, &tape.d_output, gradient);
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &L::Input,
        tape: &Self::Tape,
        _: &L::Output,
        state: &mut L::State<R>,
        step: &Step<'_, R>,
    ) {
        self.layer.update(input, &tape.layer, &tape.d_output, state, step);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut L::Gradient, state: &mut L::State<R>, step: &Step<'_, R>) {
        self.layer.apply(gradient, state, step);
    }

    fn forward_watched(&self, input: &L::Input, output: &mut L::Output, tape: &mut Self::Tape, see: &mut impl FnMut(&[f32])) {
        self.layer.forward_watched(input, &mut tape.output, &mut tape.layer, see);
        add::<L>(input, &tape.output, output);
    }

    fn visit_weights(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_weights(change);
    }

    fn visit_tape(tape: &Self::Tape, see: &mut impl FnMut(&[f32], &[f32])) {
        L::visit_tape(&tape.layer, see);
    }

    const COUNTERS: usize = L::COUNTERS;

    fn visit_counters(&self, tape: &Self::Tape, see: &mut impl FnMut(u32)) {
        self.layer.visit_counters(&tape.layer, see);
    }

    fn visit_counters_mut(&mut self, tape: &mut Self::Tape, change: &mut impl FnMut(&mut u32)) {
        self.layer.visit_counters_mut(&mut tape.layer, change);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        self.layer.initialize(weights, bias, rng);
    }
}
