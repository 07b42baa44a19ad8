//! The passes over a layer in slices, each called by itself.

use core::hint::black_box;
use kilograd::layer::{Activated, Activation, Batched, Chain, Dense, LayerNorm, Relu, Slice, Sliced};
use kilograd::optim::{Partwise, Step};
use kilograd::prelude::*;
use kilograd::train::SlicedTrainer;

type Trunk = Activated<Dense<5, 4>, Relu<4>>;
type Net = Chain<network![5 => 7 => Relu => Dropout => 6], Chain<LayerNorm<6>, network![6 => 3]>>;

pub fn run() {
    black_box(&[passes::<Trunk, Momentum>(Momentum::DEFAULT), passes::<Net, Adam>(Adam::DEFAULT)]);
    black_box(&passes::<Net, Then<ClipNorm, Momentum>>(Then(ClipNorm::new(black_box(1.0)), Momentum::DEFAULT)));
    black_box((updates::<Trunk>(), updates::<Net>(), within()));
    black_box((counters::<Net>(), counters::<Batched<Trunk, 2>>()));
    black_box((<Relu<4> as Activation>::COST, SlicedTrainer::<Net, CrossEntropy, Adam, f32>::LARGEST_PIECE));
}

/// Forward, backward and a stored gradient, until all is done.
fn passes<N: Sliced, R: Partwise>(rule: R) -> Result<usize, Error> {
    let (mut net, input, mut output) = (black_box(N::ZERO), black_box(N::Input::ZERO), N::Output::ZERO);
    let (mut tape, mut d_output, mut gradient) = (N::Tape::ZERO, black_box(N::Output::ZERO), N::Gradient::ZERO);
    let (mut d_input, mut state) = (N::Input::ZERO, N::State::<R>::ZERO);
    each(N::FORWARD, |slice| net.forward_slice(&input, &mut output, &mut tape, slice));
    let mut result = Ok(());
    each(N::BACKWARD, |slice| {
        let one = net.backward_slice(&input, &output, &mut tape, &mut d_output, black_box(Some(&mut d_input)), slice);
        result = result.and(one);
    });
    result?;
    each(N::PARAMETER_PARTS, |slice| net.accumulate_slice(&input, &tape, &d_output, &mut gradient, slice));
    let step = Step::new(&rule, black_box(1), black_box(0.1), Some(&gradient));
    let mut stored = black_box(N::Gradient::ZERO);
    each(N::PARAMETER_PARTS, |slice| net.apply_slice(&mut stored, &mut state, &step, slice));
    black_box((&net, &state));
    Ok(N::COST + N::LARGEST_PIECE + N::LARGEST_PART + R::COST)
}

/// A gradient that is not stored.
fn updates<N: Sliced>() {
    let (mut net, input, mut state) = (black_box(N::ZERO), black_box(N::Input::ZERO), N::State::<Momentum>::ZERO);
    let (tape, d_output, rule) = (black_box(N::Tape::ZERO), black_box(N::Output::ZERO), black_box(Momentum::DEFAULT));
    let step = Step::new::<()>(&rule, black_box(1), black_box(0.1), None);
    each(N::PARAMETER_PARTS, |slice| net.update_slice(&input, &tape, &d_output, &mut state, &step, slice));
    black_box((&net, &state));
}

/// Slices of any budget, until `pieces` have been run.
fn each(pieces: usize, mut pass: impl FnMut(&mut Slice)) {
    let mut at = 0;
    while at < pieces {
        let mut slice = Slice::new(black_box(at), black_box(30));
        pass(&mut slice);
        at = slice.at();
    }
}

fn within() -> Option<usize> {
    let mut slice = Slice::new(black_box(3), black_box(100));
    slice.skip(black_box(2));
    slice.within(black_box(4), black_box(9), |slice| slice.take(black_box(8), black_box(30)))
}

/// What a layer counts.
fn counters<N: Layer>() -> u32 {
    let (mut net, mut tape, mut sum) = (black_box(N::ZERO), black_box(N::Tape::ZERO), 0_u32);
    net.visit_counters_mut(&mut tape, &mut |counter| *counter = counter.wrapping_add(1));
    net.visit_counters(&tape, &mut |counter| sum = sum.wrapping_add(counter));
    sum.wrapping_add(u32::from(N::COUNTERS + N::BUFFERS > 2))
}
