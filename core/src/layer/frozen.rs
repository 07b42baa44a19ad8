//! A layer that no longer trains.

use super::Layer;
use super::rows::require_finite;
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Zero};
use rand_core::Rng;

/// `L`, whose parameters stay what they are: a frozen layer has no gradient and no optimizer state, by type, and does in
/// training what it does in inference. Initialising a network leaves it alone. *Memory:* L's parameters.
///
/// Where nothing before it trains either, no gradient is computed with respect to its inputs: frozen first layers cost a
/// step their forward pass only. The parameters become buffers ([`Parameters::visit_buffers`]): saved and hashed with the
/// network, unseen by whatever trains it. Source: *Deep Learning*, section 8.7.4 (transfer: J. Yosinski et al., 2014).
///
/// # Greedy pretraining
///
/// Supervised pretraining, layer by layer, is a sequence of types: train the first layer with a head of its own, freeze it,
/// train the next one on top. The optimizer remembers one layer and one head at a time, so the largest stage takes less RAM
/// than joint training. Then copy the layers into the whole network, drop the temporary heads, and tune it.
///
/// ```
/// use kilograd::layer::{Chain, Frozen};
/// use kilograd::prelude::*;
///
/// type First = network![64 => 32 => Relu];
/// type Stage1 = Chain<First, network![32 => 10]>;
/// type Stage2 = Chain<Frozen<First>, network![32 => 32 => Relu => 10]>;
/// type Joint = Chain<First, network![32 => 32 => Relu => 10]>;
///
/// assert_eq!(Memory::<Stage2, Adam>::STATE_BYTES, 8 * (33 * 32 + 33 * 10));
/// assert!(Memory::<Stage1, Adam>::RAM_BYTES < Memory::<Joint, Adam>::RAM_BYTES);
/// assert!(Memory::<Stage2, Adam>::RAM_BYTES < Memory::<Joint, Adam>::RAM_BYTES);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frozen<L> {
    /// The layer.
    pub layer: L,
}

impl<L> Frozen<L> {
    /// `layer`, frozen.
    pub const fn new(layer: L) -> Self {
        Self { layer }
    }
}

impl<L: Zero> Zero for Frozen<L> {
    const ZERO: Self = Self { layer: L::ZERO };
}

impl<L: Parameters> Parameters for Frozen<L> {
    const COUNT: usize = 0;
    const BUFFERS: usize = L::COUNT + L::BUFFERS;

    fn visit(&self, _: &mut impl FnMut(&[f32])) {}

    fn visit_mut(&mut self, _: &mut impl FnMut(&mut [f32])) {}

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.layer.visit(see);
        self.layer.visit_buffers(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_mut(change);
        self.layer.visit_buffers_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.layer.copy_from(&other.layer);
    }
}

impl<L: Layer> Layer for Frozen<L> {
    type Input = L::Input;
    type Output = L::Output;
    type Tape = L::Tape;
    type Gradient = ();
    type State<R: Rule> = ();

    fn forward(&self, input: &L::Input, output: &mut L::Output, tape: &mut L::Tape) {
        self.layer.forward(input, output, tape);
    }

    fn backward(
        &self,
        input: &L::Input,
        output: &L::Output,
        tape: &mut L::Tape,
        d_output: &mut L::Output,
        d_input: Option<&mut L::Input>,
    ) -> Result<(), Error> {
        match d_input {
            Some(_) => self.layer.backward(input, output, tape, d_output, d_input),
            None => require_finite(input.as_slice()),
        }
    }

    fn accumulate(&self, _: &L::Input, _: &L::Tape, _: &L::Output, (): &mut ()) {}

    fn update<R: Elementwise>(&mut self, _: &L::Input, _: &L::Tape, _: &L::Output, (): &mut (), _: &Step<'_, R>) {}

    fn apply<R: Rule>(&mut self, (): &mut (), (): &mut (), _: &Step<'_, R>) {}

    fn forward_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [L::Tape]) {
        self.layer.forward_rows(inputs, outputs, tapes);
    }

    fn forward_training_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [L::Tape]) {
        self.layer.forward_rows(inputs, outputs, tapes);
    }

    fn backward_rows(
        &self,
        inputs: &[f32],
        outputs: &[f32],
        tapes: &mut [L::Tape],
        d_outputs: &mut [f32],
        d_inputs: Option<&mut [f32]>,
    ) -> Result<(), Error> {
        match d_inputs {
            Some(_) => self.layer.backward_rows(inputs, outputs, tapes, d_outputs, d_inputs),
            None => require_finite(inputs),
        }
    }

    fn initialize(&mut self, _: &impl Scheme, _: Bias, _: &mut impl Rng) {}
}
