//! What `Memory` says of itself: the bytes that training takes, known while compiling.

use kilograd::layer::{Chain, Dense, Dropout, Elu, Layer, LayerNorm, LeakyRelu, Maxout, Recurrent};
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, Adafactor, AmsGrad, Asgd, CenteredRmsProp, Lamb, Lars, Lion, NAdam, NaturalGradient,
    RAdam, RmsProp, Rprop, ScheduledMomentum, Shampoo, SignSgd, TrustRatio, Yogi, book,
};
use kilograd::prelude::*;
use kilograd::train::averaging::Average;
use kilograd::train::monitor::{DeadUnits, Spread};
use kilograd::train::{Curriculum, FadingMean, Mode};

/// Steps, and the weight and the loss of the samples in the gradient: 4 bytes each.
const PROGRESS: usize = 12;

type Small = network![2 => 1];
type Digits = network![64 => 32 => Relu => 10];
type Deep = network![8 => 16 => Tanh => 16 => GeluTanh => 4 => Sigmoid => 3];

// Usable where only constants are: a budget, the length of an array.
const _: () = assert!(Memory::<Digits, Sgd>::RAM_BYTES < 12 * 1024);
const _: () = assert!(Memory::<Deep, Adam, Accumulated>::PARAMETERS == Deep::COUNT);
static BUFFER: [f32; Memory::<Small, Sgd>::PARAMETERS] = [0.0; 3];
static IN_RAM: Memory<Digits, Adam> = Memory::ZERO;

/// What a network's memory is made of, in `f32`.
struct Numbers {
    parameters: usize,
    /// Values that pass from one layer to the next (an activation in place passes none).
    between: usize,
    outputs: usize,
}

const SMALL: Numbers = Numbers { parameters: 2 + 1, between: 0, outputs: 1 };
const DIGITS: Numbers = Numbers { parameters: (64 + 1) * 32 + (32 + 1) * 10, between: 32, outputs: 10 };
const DEEP: Numbers = Numbers { parameters: 9 * 16 + 17 * 16 + 17 * 4 + 5 * 3, between: 16 + 2 * 16 + 4, outputs: 3 };

/// Checks every constant; `state` and `gradient` in `f32` a parameter.
fn check<N: Layer, R: Rule, M: Mode>(numbers: &Numbers, state: usize, gradient: usize) {
    let Numbers { parameters, between, outputs } = *numbers;
    let bytes = |numbers: usize| 4 * numbers;
    assert_eq!(Memory::<N, R, M>::PARAMETERS, parameters);
    assert_eq!(N::COUNT, parameters);
    assert_eq!(Memory::<N, R, M>::PARAMETER_BYTES, bytes(parameters));
    assert_eq!(Memory::<N, R, M>::STATE_BYTES, bytes(state * parameters));
    assert_eq!(Memory::<N, R, M>::GRADIENT_BYTES, bytes(gradient * parameters));
    // Every value, and the loss's gradient with respect to it.
    assert_eq!(Memory::<N, R, M>::TAPE_BYTES, bytes(2 * between + 2 * outputs));
    let all = bytes((1 + state + gradient) * parameters + 2 * between + 2 * outputs) + PROGRESS;
    assert_eq!(Memory::<N, R, M>::RAM_BYTES, all);
    assert_eq!(size_of::<Memory<N, R, M>>(), all);
}

/// Checks a rule with every network, in both ways to take a step.
fn check_rule<R: Rule>(state: usize) {
    check::<Small, R, Fused>(&SMALL, state, 0);
    check::<Digits, R, Fused>(&DIGITS, state, 0);
    check::<Deep, R, Fused>(&DEEP, state, 0);
    check::<Small, R, Accumulated>(&SMALL, state, 1);
    check::<Digits, R, Accumulated>(&DIGITS, state, 1);
    check::<Deep, R, Accumulated>(&DEEP, state, 1);
}

#[test]
fn rules_without_state() {
    check_rule::<Sgd>(0);
    check_rule::<SignSgd>(0);
    check_rule::<ClipValue>(0);
    check_rule::<ClipNorm>(0);
    check_rule::<Then<WeightDecay, Sgd>>(0);
}

#[test]
fn rules_with_one_number_a_parameter() {
    check_rule::<Momentum>(1);
    check_rule::<ScheduledMomentum<f32>>(1);
    check_rule::<book::Nesterov>(1);
    check_rule::<Lion>(1);
    check_rule::<Then<Lion, WeightDecay>>(1);
    check_rule::<Asgd>(1);
    check_rule::<AdaGrad>(1);
    check_rule::<RmsProp>(1);
    check_rule::<book::RmsProp>(1);
    check_rule::<Then<ClipNorm, Momentum>>(1);
}

#[test]
fn rules_with_several_numbers_a_parameter() {
    check_rule::<Adam>(2);
    check_rule::<AdaBelief>(2);
    check_rule::<AdaDelta>(2);
    check_rule::<AdaMax>(2);
    check_rule::<NAdam>(2);
    check_rule::<RAdam>(2);
    check_rule::<Rprop>(2);
    check_rule::<Yogi>(2);
    check_rule::<CenteredRmsProp>(2);
    check_rule::<Then<RmsProp, Momentum>>(2);
    check_rule::<book::RmsPropNesterov>(2);
    check_rule::<AmsGrad>(3);
    check_rule::<AdamW>(2);
    check_rule::<Then<Momentum, Adam>>(3);
}

#[test]
fn rules_that_see_a_tensor() {
    check_rule::<TrustRatio>(0);
    check_rule::<Lars>(1);
    check_rule::<NaturalGradient>(1);
    check_rule::<Lamb>(2);
    check_rule::<Then<ClipNorm, Lamb>>(2);
    // Not so many a parameter, but so many a row, a column, or a pair of them; biases have one each.
    let adafactor = |rows: usize, columns: usize| rows + columns;
    let shampoo = |rows: usize, columns: usize| 2 * (rows * rows + columns * columns) + rows + columns;
    let biases = 32 + 10;
    let bytes = |matrix: fn(usize, usize) -> usize| 4 * (matrix(64, 32) + matrix(32, 10) + biases);
    assert_eq!(Memory::<Digits, Adafactor, Accumulated>::STATE_BYTES, bytes(adafactor));
    assert_eq!(Memory::<Digits, Shampoo, Accumulated>::STATE_BYTES, bytes(shampoo));
}

/// Whether every number is +0, to the bit.
fn is_zero(parameters: &impl Parameters) -> bool {
    let mut zero = true;
    parameters.visit(&mut |group| zero &= group.iter().all(|x| x.to_bits() == 0));
    zero
}

#[test]
fn all_of_it_is_zero_at_the_start() {
    assert!(is_zero(&IN_RAM.network) && IN_RAM.steps() == 0);
    assert!(is_zero(&<Digits as Layer>::State::<Adam>::ZERO));
    assert!(is_zero(&<Deep as Layer>::State::<Momentum>::ZERO));
    let mut memory = Memory::<Deep, Sgd, Accumulated>::ZERO;
    let trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
    assert!(is_zero(trainer.gradient()) && is_zero(trainer.network()));
    assert!(BUFFER.iter().all(|x| *x == 0.0));
}

#[test]
fn what_stands_beside_the_trainer() {
    assert_eq!(size_of::<Average<Digits>>(), 4 * Digits::COUNT + 8);
    assert_eq!(size_of::<EarlyStopping<Digits>>(), 4 * Digits::COUNT + 12);
    assert_eq!(size_of::<Curriculum<1_440>>(), 1_440);
    assert_eq!(size_of::<DeadUnits<32>>(), 32);
    assert_eq!((size_of::<Spread>(), size_of::<FadingMean>()), (12, 8));
}

#[test]
fn the_count_is_what_a_visit_shows() {
    let mut shown = 0;
    Deep::ZERO.visit(&mut |group| shown += group.len());
    assert_eq!(shown, Deep::COUNT);
    let mut shown = 0;
    <Deep as Layer>::State::<Adam>::ZERO.visit(&mut |group| shown += group.len());
    assert_eq!(shown, 2 * Deep::COUNT);
}

#[test]
fn a_leaky_rectifier_keeps_its_slope_beside_the_parameters() {
    type Leaky = network![4 => 3 => LeakyRelu => 2];
    assert_eq!(Memory::<Leaky, Sgd>::PARAMETERS, 5 * 3 + 4 * 2);
    assert_eq!(Memory::<Leaky, Sgd>::PARAMETER_BYTES, 4 * (5 * 3 + 4 * 2) + size_of::<LeakyRelu<3>>());
}

#[test]
fn layers_say_what_they_remember() {
    // A setting beside the parameters; two values a unit that pass on; the tape of the layer itself; two of each output.
    type Normalised = network![4 => LayerNorm => 3];
    assert_eq!(Memory::<Normalised, Adam>::PARAMETERS, 2 * 4 + 5 * 3);
    assert_eq!(Memory::<Normalised, Adam>::PARAMETER_BYTES, 4 * (2 * 4 + 5 * 3) + 4);
    assert_eq!(Memory::<Normalised, Adam>::STATE_BYTES, 2 * 4 * (2 * 4 + 5 * 3));
    assert_eq!(Memory::<Normalised, Adam>::TAPE_BYTES, 2 * 4 * 4 + (4 * 4 + 8) + 2 * 4 * 3);
    assert_eq!(Memory::<network![4 => RmsNorm], Momentum>::STATE_BYTES, 4 * 4);
    type Dropped = network![4 => Dropout => 3];
    assert_eq!(Memory::<Dropped, Sgd>::PARAMETER_BYTES, 4 * 5 * 3 + size_of::<Dropout<4>>());
    assert_eq!(Memory::<Dropped, Sgd>::TAPE_BYTES, 2 * 4 * 4 + 8 + 2 * 4 * 3);
    type MaxedOut = Chain<Maxout<4, 5, 3>, Dense<5, 2>>;
    assert_eq!(Memory::<MaxedOut, Sgd>::PARAMETERS, 3 * 5 * 5 + 6 * 2);
    assert_eq!(Memory::<MaxedOut, Sgd>::TAPE_BYTES, 2 * 4 * 5 + 4 * (3 * 5 + 4) + 2 * 4 * 2);
    assert_eq!(Memory::<MaxedOut, Adam, Accumulated>::STATE_BYTES, 2 * Memory::<MaxedOut, Sgd, Accumulated>::GRADIENT_BYTES);
    type Remembering = Recurrent<2, 5, 100, 10>;
    assert_eq!(Memory::<Remembering, Momentum>::STATE_BYTES, 4 * (2 + 5 + 1) * 5);
    assert_eq!(Memory::<Remembering, Momentum>::TAPE_BYTES, 2 * 4 * 5 * 10 + 2 * 4 * 5);
}

#[test]
fn settings_of_layers_have_their_defaults_at_the_start() {
    fn said(x: &impl std::fmt::Debug) -> String {
        format!("{x:?}")
    }
    assert_eq!(LeakyRelu::<3>::ZERO, LeakyRelu::default());
    assert_eq!(said(&LeakyRelu::<3>::ZERO), "LeakyRelu { slope: 0.01 }");
    assert_eq!(said(&Elu::<3>::new(2.0)), "Elu { alpha: 2.0 }");
    assert_eq!(said(&Dropout::<3>::ZERO), "Dropout { rate: 0.5, seed: 0 }");
    assert_eq!(said(&LayerNorm::<1>::ZERO), "LayerNorm { gain: [0.0], bias: [0.0], epsilon: 1e-5 }");
}
