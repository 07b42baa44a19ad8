//! The passes that trainers, batches and chains make over a layer, each called by itself.

use core::hint::black_box;
use kilograd::layer::{
    Activated, Activation, Affine, AuxiliaryHead, BatchNorm, BatchNormGradient, BatchNormTape, Batched, Chain, ChainTape, Dense,
    Dropout, DropoutTape, Frozen, GRADIENT_LIMIT, HeadTape, Kfac, KfacGradient, KfacState, LayerNorm, LeakyRelu, Maxout,
    MaxoutTape, Meets, NormTape, Recurrent, RecurrentTape, Residual, ResidualTape, RunningNorm, Stored,
};
use kilograd::network;
use kilograd::optim::{Step, Tensorwise};
use kilograd::prelude::*;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Trunk = Activated<Dense<5, 4>, Relu>;
type Relu = kilograd::layer::Relu<4>;
type Net = network![5 => 4 => LayerNorm => Tanh => Dropout => 4];
type Headed = AuxiliaryHead<Dense<5, 4>, Dense<4, 3>, Dense<4, 3>>;
type Rows = Batched<Net, 3>;

/// A dense layer in flash.
struct InFlash;

static DENSE: Dense<4, 4> = Dense { weights: Matrix::ZERO, bias: Vector::ZERO };

impl Stored for InFlash {
    type Layer = Dense<4, 4>;

    fn layer() -> &'static Dense<4, 4> {
        &DENSE
    }
}

pub fn run() {
    black_box((
        passes::<Net>().is_ok(),
        passes::<Trunk>().is_ok(),
        passes::<Residual<Dense<5, 5>>>().is_ok(),
        passes::<Maxout<5, 4, 2>>().is_ok(),
        passes::<Recurrent<2, 4, 3, 2>>().is_ok(),
        passes::<Headed>().is_ok(),
        passes::<Chain<Frozen<Dense<5, 4>>, Dense<4, 2>>>().is_ok(),
        passes::<Rows>().is_ok(),
        passes::<Chain<Batched<Dense<5, 4>, 3>, BatchNorm<3, 4>>>().is_ok(),
        passes::<Kfac<3, 5, 4>>().is_ok(),
    ));
    tapes();
    parts();
}

/// Every pass, of one sample and of rows.
fn passes<N: Layer>() -> Result<(), Error> {
    let (mut net, input, mut output) = (black_box(N::ZERO), black_box(N::Input::ZERO), N::Output::ZERO);
    let (mut tape, mut d_output, mut gradient) = (N::Tape::ZERO, black_box(N::Output::ZERO), N::Gradient::ZERO);
    let mut d_input = N::Input::ZERO;
    net.initialize(&HeNormal, Bias::Zero, &mut SplitMix64::seed_from_u64(black_box(1)));
    net.forward(&input, &mut output, &mut tape);
    net.forward_watched(&input, &mut output, &mut tape, &mut |values| seen(values));
    net.forward_training(&input, &mut output, &mut tape);
    net.backward(&input, &output, &mut tape, &mut d_output, black_box(Some(&mut d_input)))?;
    net.accumulate(&input, &tape, &d_output, &mut gradient);
    N::visit_tape(&tape, &mut |values, gradients| seen((values, gradients)));
    net.visit_weights(&mut |weights| weights.fill(1.0));
    steps(&mut net, &input, &tape, &d_output, &mut gradient);
    rows(&mut net, &input, &mut output, &mut d_output, &mut gradient)
}

fn seen<T>(what: T) {
    black_box(what);
}

/// Steps with a stored gradient, and with one that is not stored.
fn steps<N: Layer>(net: &mut N, input: &N::Input, tape: &N::Tape, d_output: &N::Output, gradient: &mut N::Gradient) {
    let (rule, mut state) = (black_box(Momentum::DEFAULT), N::State::<Momentum>::ZERO);
    let step = Step::new::<()>(&rule, black_box(1), black_box(0.1), None);
    net.update(input, tape, d_output, &mut state, &step);
    net.apply(gradient, &mut state, &step);
}

/// The same passes over one row.
fn rows<N: Layer>(
    net: &mut N,
    input: &N::Input,
    output: &mut N::Output,
    d_output: &mut N::Output,
    gradient: &mut N::Gradient,
) -> Result<(), Error> {
    let (mut tapes, mut d_input) = ([N::Tape::ZERO], N::Input::ZERO);
    let (inputs, outputs, d_outputs) = (input.as_slice(), output.as_mut_slice(), d_output.as_mut_slice());
    net.forward_rows(inputs, outputs, &mut tapes);
    net.forward_training_rows(inputs, outputs, &mut tapes);
    net.backward_rows(inputs, outputs, &mut tapes, d_outputs, black_box(Some(d_input.as_mut_slice())))?;
    net.accumulate_rows(inputs, &tapes, d_outputs, gradient);
    let (rule, mut state) = (black_box(Adam::DEFAULT), N::State::<Adam>::ZERO);
    net.update_rows(inputs, &tapes, d_outputs, &mut state, &Step::new::<()>(&rule, black_box(1), black_box(0.1), None));
    Ok(())
}

/// What layers remember between their passes.
fn tapes() {
    seen(&ChainTape::<Dense<5, 4>, Dense<4, 3>>::ZERO);
    seen(&HeadTape::<Dense<5, 4>, Dense<4, 3>, Dense<4, 3>>::ZERO);
    seen(&ResidualTape::<Dense<5, 5>>::ZERO);
    seen((&BatchNormTape::<4>::ZERO, &BatchNormGradient::<4>::ZERO, &DropoutTape::ZERO, &MaxoutTape::<5, 4, 2>::ZERO));
    seen((&NormTape::<4>::ZERO, &RecurrentTape::<4, 2>::ZERO, &KfacGradient::<5, 4>::ZERO));
    seen(&KfacState::<5, 4, Vector<4>>::ZERO);
}

/// What stands beside the passes.
fn parts() {
    fn activation(activation: &impl Activation, values: &mut [f32], deltas: &mut [f32]) {
        activation.activate(values);
        activation.pull_back(values, deltas);
    }
    fn affine<L: Affine>(layer: &L) {
        seen(layer);
    }
    fn tensorwise<R: Tensorwise>(rule: R) {
        seen(rule.check());
    }
    let (mut values, mut deltas) = black_box(([1.0; 4], [1.0; 4]));
    activation(&Relu::ZERO, &mut values, &mut deltas);
    affine(InFlash::layer());
    tensorwise(Sgd);
    let mut signal = black_box(Vector::<4>::ZERO);
    seen(Meets::<Vector<4>>::as_input(&signal));
    seen(Meets::<Vector<4>>::as_input_mut(&mut signal));
    seen((Batched::<Dense<5, 4>, 3>::new(Dense::ZERO), Frozen::new(Dense::<5, 4>::ZERO), LayerNorm::<4>::ZERO.epsilon()));
    seen((LeakyRelu::<4>::new(black_box(0.1)).slope(), black_box(GRADIENT_LIMIT)));
    let kfac = Kfac::<3, 5, 4>::new(black_box(0.9), black_box(0.1));
    seen(kfac.map(|kfac| (kfac.decay(), kfac.damping())));
    let mut running = RunningNorm::<4>::ZERO;
    running.take_over(&black_box(BatchNorm::<3, 4>::ZERO));
    seen(&running);
    let dropout = Dropout::<4>::ZERO;
    dropout.mask_slice(dropout.kept(black_box(1)), &values, &mut deltas);
    seen(&deltas);
}
