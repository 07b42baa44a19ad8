//! What a network is made of, one layer a file.
//!
//! A network is a type, a [`Chain`] of layers, best spelled by [`network!`](crate::network). Composition costs nothing at
//! run time: all arithmetic happens in the slice kernels of `kilograd-simd`.
//!
//! | layer | parameters | tape, bytes |
//! |---|---|---|
//! | [`Dense<IN, OUT>`](Dense) | (IN + 1)·OUT | 0 |
//! | [`Relu`], [`LeakyRelu`], [`Sigmoid`], [`Tanh`], [`Gelu`], [`Identity`] | 0 | 0 |
//! | [`Activated<L, F>`](Activated) | L's | L's: F works in place |
//! | [`Identity`], [`Relu`], [`LeakyRelu`], [`Elu`], [`Gelu`], [`GeluTanh`], [`Silu`], [`Softplus`], [`Sigmoid`], [`Tanh`], [`HardSigmoid`], [`HardSwish`], [`Softmax`], [`LogSoftmax`] | 0 | 0 |
//! | [`Maxout<IN, OUT, PIECES>`](Maxout) | PIECES·(IN + 1)·OUT | 4·(PIECES·OUT + IN) |
//! | [`Recurrent<IN, HIDDEN, LENGTH, BACK>`](Recurrent) | (IN + HIDDEN + 1)·HIDDEN | 8·HIDDEN·BACK |
//! | [`LayerNorm`] | 2·N | 4·N + 8 |
//! | [`RmsNorm`] | N | 4·N + 8 |
//! | [`Dropout`] | 0 | 8 |
//! | [`Chain<A, B>`](Chain) | both | both, and 8 for each value that passes from A to B |
//! | [`Residual<L>`](Residual) | L's | L's, and 8 for each output |
//! | [`AuxiliaryHead<A, H, B>`](AuxiliaryHead) | all three | all three, 12 for each value that A passes on, 16 for each output |
//! | [`Batched<L, B>`](Batched) | L's | B times L's |
//! | [`Kfac<B, IN, OUT>`](Kfac) | (IN + 1)·OUT | 0 |
//! | [`BatchNorm<B, N>`](BatchNorm) | 2·N, and 2·N statistics | 16·N |
//! | [`RunningNorm<N>`](RunningNorm) | 2·N, and 2·N statistics | 0 |
//! | [`Frozen<L>`](Frozen) | L's, none to train | L's |
//! | [`Flash<S>`](Flash) | none in RAM | that of the layer in flash |

mod activated;
mod auxiliary_head;
mod batch_norm;
mod batched;
mod chain;
mod dense;
mod dropout;
mod elementwise;
mod elu;
mod flash;
mod frozen;
mod gelu;
mod gelu_tanh;
mod hard_sigmoid;
mod hard_swish;
mod identity;
mod kfac;
mod layer_norm;
mod leaky_relu;
mod log_softmax;
mod maxout;
mod network;
mod normalize;
mod per_sample;
mod preset;
mod recurrent;
mod relu;
mod residual;
mod rms_norm;
mod rows;
mod running_norm;
mod sigmoid;
mod silu;
mod sliced;
mod softmax;
mod softplus;
mod tanh;

pub use activated::{Activated, Activation, Affine};
pub use auxiliary_head::{AuxiliaryHead, HeadTape};
pub use batch_norm::{BatchNorm, BatchNormGradient, BatchNormTape};
pub use batched::Batched;
pub use chain::{Chain, ChainTape, Meets};
pub use dense::Dense;
pub use dropout::{Dropout, DropoutTape};
pub use elu::Elu;
pub use flash::{Flash, Stored};
pub use frozen::Frozen;
pub use gelu::Gelu;
pub use gelu_tanh::GeluTanh;
pub use hard_sigmoid::HardSigmoid;
pub use hard_swish::HardSwish;
pub use identity::Identity;
pub use kfac::{Kfac, KfacGradient, KfacState};
pub use layer_norm::LayerNorm;
pub use leaky_relu::LeakyRelu;
pub use log_softmax::LogSoftmax;
pub use maxout::{Maxout, MaxoutTape};
pub use normalize::NormTape;
pub use per_sample::PerSample;
pub use recurrent::{Recurrent, RecurrentTape};
pub use relu::Relu;
pub use residual::{Residual, ResidualTape};
pub use rms_norm::RmsNorm;
pub use running_norm::RunningNorm;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub(crate) use sliced::ELEMENT_COST;
pub use sliced::{Slice, Sliced};
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use tanh::Tanh;

use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Zero};
use rand_core::Rng;

/// What the magnitudes of a layer's weight gradient, from one sample, may add up to.
///
/// Above it a step is refused ([`Error::GradientTooLarge`]). It leaves room for everything that optimizers do with a
/// gradient: its square, and the sum over any batch, are finite.
pub const GRADIENT_LIMIT: f32 = 1e18;

/// A differentiable function with parameters.
///
/// Training one sample is three passes. [`forward_training`](Layer::forward_training) fills the output and the tape;
/// [`backward`](Layer::backward) turns the loss's gradient with respect to the output into those with respect to every
/// input on the way, and refuses what is not finite; and only then parameters come in: [`accumulate`](Layer::accumulate)
/// adds the sample's gradient to a sum, or [`update`](Layer::update) takes the step at once, without storing a gradient.
/// So a refused sample has changed nothing, and the weights that backward reads are those before the update.
pub trait Layer: Parameters {
    /// What goes in.
    type Input: Tensor;
    /// What comes out.
    type Output: Tensor;
    /// What backward needs to remember of forward, beside input and output.
    type Tape: Zero;
    /// The shape of the parameters' gradient; `()` if there are none.
    type Gradient: Parameters;
    /// What the optimizer remembers of the parameters; `()` if there are none.
    type State<R: Rule>: Parameters;

    /// Computes `output`: what the trained layer says, the same for the same input. In a [`Frozen`] layer a backward pass follows
    /// it all the same: that of what was computed here.
    fn forward(&self, input: &Self::Input, output: &mut Self::Output, tape: &mut Self::Tape);

    /// Computes `output` for a [`backward`](Layer::backward) to follow. Not what [`forward`](Layer::forward) says for layers
    /// that train otherwise than they infer (dropout, batch normalisation), and for those that hold other layers, which must
    /// pass this on to them.
    fn forward_training(&self, input: &Self::Input, output: &mut Self::Output, tape: &mut Self::Tape) {
        self.forward(input, output, tape);
    }

    /// Computes the gradients with respect to whatever flows through the layer, from `d_output`, the loss's gradient with
    /// respect to the output; `d_input` may be left out where nothing lies before the layer.
    ///
    /// `d_output` may be overwritten with what [`accumulate`](Layer::accumulate) or [`update`](Layer::update) needs instead:
    /// they are given what this leaves.
    ///
    /// # Errors
    /// [`Error::GradientTooLarge`] if the parameters' gradient exceeds [`GRADIENT_LIMIT`] or is NaN.
    fn backward(
        &self,
        input: &Self::Input,
        output: &Self::Output,
        tape: &mut Self::Tape,
        d_output: &mut Self::Output,
        d_input: Option<&mut Self::Input>,
    ) -> Result<(), Error>;

    /// Adds the gradient with respect to the parameters to `gradient`, after [`backward`](Layer::backward).
    fn accumulate(&self, input: &Self::Input, tape: &Self::Tape, d_output: &Self::Output, gradient: &mut Self::Gradient);

    /// Takes a step with the gradient of one sample, after [`backward`](Layer::backward).
    fn update<R: Elementwise>(
        &mut self,
        input: &Self::Input,
        tape: &Self::Tape,
        d_output: &Self::Output,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    );

    /// Takes a step with a stored gradient, which is used up.
    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, state: &mut Self::State<R>, step: &Step<'_, R>);

    /// [`forward`](Layer::forward) that shows to `see` what each layer with weights says before any activation, from the first
    /// to the last. Layers that hold other layers must pass this on to them; of others that do not say otherwise nothing is
    /// shown.
    fn forward_watched(
        &self,
        input: &Self::Input,
        output: &mut Self::Output,
        tape: &mut Self::Tape,
        see: &mut impl FnMut(&[f32]),
    ) {
        let _ = see;
        self.forward(input, output, tape);
    }

    /// Hands the weights, without biases, of each layer that [`forward_watched`](Layer::forward_watched) shows to `change`, in
    /// the same order.
    fn visit_weights(&mut self, change: &mut impl FnMut(&mut [f32])) {
        let _ = change;
    }

    /// Shows what passed between the layers inside: values, and the loss's gradients as the last backward pass left them: with
    /// respect to the values or, where an activation works in place ([`Activated`]), to what went into it. A layer with
    /// none inside has nothing to show.
    fn visit_tape(tape: &Self::Tape, see: &mut impl FnMut(&[f32], &[f32])) {
        let _ = (tape, see);
    }

    /// How many whole numbers [`visit_counters`](Layer::visit_counters) shows.
    const COUNTERS: usize = 0;

    /// Shows to `see` what the layer or its tape carries from one training pass to the next beside parameters: seeds of masks,
    /// numbers of passes. Without them a run that is resumed would not draw what it would have drawn. Layers that hold other
    /// layers must pass this on to them.
    fn visit_counters(&self, tape: &Self::Tape, see: &mut impl FnMut(u32)) {
        let _ = (tape, see);
    }

    /// Hands to `change` what [`visit_counters`](Layer::visit_counters) shows.
    fn visit_counters_mut(&mut self, tape: &mut Self::Tape, change: &mut impl FnMut(&mut u32)) {
        let _ = (tape, change);
    }

    /// [`forward`](Layer::forward) of several samples, one after another in `inputs`, with a tape for each.
    ///
    /// This and its four companions are what [`Batched`] calls. By themselves they go sample by sample; a layer that can do
    /// better with a whole batch overrides them.
    fn forward_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [Self::Tape]) {
        rows::forward(inputs, outputs, tapes, |input, output, tape| self.forward(input, output, tape));
    }

    /// [`forward_training`](Layer::forward_training) of several samples.
    fn forward_training_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [Self::Tape]) {
        rows::forward(inputs, outputs, tapes, |input, output, tape| self.forward_training(input, output, tape));
    }

    /// [`backward`](Layer::backward) of several samples.
    ///
    /// # Errors
    /// As [`backward`](Layer::backward), of any sample.
    fn backward_rows(
        &self,
        inputs: &[f32],
        outputs: &[f32],
        tapes: &mut [Self::Tape],
        d_outputs: &mut [f32],
        d_inputs: Option<&mut [f32]>,
    ) -> Result<(), Error> {
        rows::backward(self, inputs, outputs, tapes, d_outputs, d_inputs)
    }

    /// [`accumulate`](Layer::accumulate) of several samples.
    fn accumulate_rows(&self, inputs: &[f32], tapes: &[Self::Tape], d_outputs: &[f32], gradient: &mut Self::Gradient) {
        rows::accumulate(self, inputs, tapes, d_outputs, gradient);
    }

    /// Takes one step with the summed gradient of several samples. *Stack:* the layer's gradient, unless overridden.
    fn update_rows<R: Elementwise>(
        &mut self,
        inputs: &[f32],
        tapes: &[Self::Tape],
        d_outputs: &[f32],
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        let mut gradient = Self::Gradient::ZERO;
        self.accumulate_rows(inputs, tapes, d_outputs, &mut gradient);
        self.apply(&mut gradient, state, step);
    }

    /// Draws the weights from `weights` and sets the biases to `bias`, from the first layer to the last.
    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng);
}
