//! Whole training steps of a 64-32-10 network: ReLU, softmax and cross-entropy.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::batch_network;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_tasks::digits::{self, Digits, SGD_RATE};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use static_cell::ConstStaticCell;

type Net = network![64 => 32 => Relu => 10];
type Wide = batch_network![8; 64 => 32 => Relu => 10];
type Normalised = batch_network![8; 64 => 32 => BatchNorm => Relu => 10];
type Batch = [(Vector<64>, usize); 8];

static SGD: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);
static DIGITS: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);
static MOMENTUM: ConstStaticCell<Memory<Net, Momentum>> = ConstStaticCell::new(Memory::ZERO);
static ADAM: ConstStaticCell<Memory<Net, Adam>> = ConstStaticCell::new(Memory::ZERO);
static SGD_BATCH: ConstStaticCell<Memory<Net, Sgd, Accumulated>> = ConstStaticCell::new(Memory::ZERO);
static ADAM_BATCH: ConstStaticCell<Memory<Net, Adam, Accumulated>> = ConstStaticCell::new(Memory::ZERO);
static SGD_WIDE: ConstStaticCell<Memory<Wide, Sgd, Accumulated>> = ConstStaticCell::new(Memory::ZERO);
static ADAM_WIDE: ConstStaticCell<Memory<Wide, Adam, Accumulated>> = ConstStaticCell::new(Memory::ZERO);
static SGD_WIDE_FUSED: ConstStaticCell<Memory<Wide, Sgd>> = ConstStaticCell::new(Memory::ZERO);
static NORMALISED: ConstStaticCell<Memory<Normalised, Sgd, Accumulated>> = ConstStaticCell::new(Memory::ZERO);

pub fn run() {
    let mut source = Source::new();
    let batch: Batch = core::array::from_fn(|i| (Vector::new(source.array()), i));
    sample("step, SGD, 1 sample", SGD.take(), Sgd, &batch);
    digit("step, SGD, 1 digit", DIGITS.take());
    sample("step, momentum, 1 sample", MOMENTUM.take(), Momentum::DEFAULT, &batch);
    sample("step, Adam, 1 sample", ADAM.take(), Adam::DEFAULT, &batch);
    samples("step, SGD, 8 samples", SGD_BATCH.take(), Sgd, &batch);
    samples("step, Adam, 8 samples", ADAM_BATCH.take(), Adam::DEFAULT, &batch);

    let inputs = Matrix::from_fn(|s, i| batch[s].0.as_array()[i]);
    let targets = batch.map(|(_, label)| label);
    wide("batch step, SGD, 8 samples", SGD_WIDE.take(), Sgd, &inputs, &targets);
    wide("batch step, Adam, 8 samples", ADAM_WIDE.take(), Adam::DEFAULT, &inputs, &targets);
    wide_fused("batch step, SGD, 8 samples, fused", SGD_WIDE_FUSED.take(), Sgd, &inputs, &targets);
    wide("batch step, SGD, 8 samples, normalised", NORMALISED.take(), Sgd, &inputs, &targets);
}

fn initialize(network: &mut impl Layer) {
    network.initialize(&HeUniform, Bias::Constant(0.1), &mut Xoshiro128PlusPlus::seed_from_u64(1));
}

/// The second of two steps with one sample, so that momentum and Adam remember something.
fn sample<R: Elementwise>(name: &str, memory: &mut Memory<Net, R>, rule: R, batch: &Batch) {
    initialize(&mut memory.network);
    let Ok(mut trainer) = Trainer::new(memory, CrossEntropy::default(), rule, 0.01) else { panic!("{}", name) };
    let [(first, first_label), (second, second_label), ..] = batch;
    let ready = trainer.step(first, first_label);
    let trained = measure(name, Net::COUNT, || trainer.step(black_box(second), black_box(second_label)));
    assert!(ready.is_ok() && trained.is_ok());
}

/// A step with a handwritten digit, about half of whose pixels are blank, after a hundred others.
fn digit(name: &str, memory: &mut Memory<Net, Sgd>) {
    digits::initialize(&mut memory.network, 1);
    let Ok(mut trainer) = Trainer::new(memory, CrossEntropy::default(), Sgd, SGD_RATE) else { panic!("{}", name) };
    let (data, mut input) = (Digits::training(), Vector::ZERO);
    let ready = trainer.epoch(&data, 0..100);
    let Ok(label) = data.load(100, &mut input) else { panic!("{}", name) };
    let trained = measure(name, Net::COUNT, || trainer.step(black_box(&input), black_box(&label)));
    assert!(ready.is_ok() && trained.is_ok());
}

/// The second of two steps with a batch.
fn samples<R: Rule>(name: &str, memory: &mut Memory<Net, R, Accumulated>, rule: R, batch: &Batch) {
    initialize(&mut memory.network);
    let Ok(mut trainer) = Trainer::new(memory, CrossEntropy::default(), rule, 0.01) else { panic!("{}", name) };
    let ready = trainer.step(batch.iter().map(|(x, label)| (x, label)));
    let trained = measure(name, Net::COUNT, || trainer.step(black_box(batch).iter().map(|(x, label)| (x, label))));
    assert!(ready.is_ok() && trained.is_ok());
}

/// The second of two steps with a batch that is one tensor.
fn wide<N: Layer<Input = Matrix<8, 64>, Output = Matrix<8, 10>>, R: Rule>(
    name: &str,
    memory: &mut Memory<N, R, Accumulated>,
    rule: R,
    inputs: &Matrix<8, 64>,
    targets: &[usize; 8],
) {
    initialize(&mut memory.network);
    let loss = BatchMean(CrossEntropy::default());
    let Ok(mut trainer) = Trainer::new(memory, loss, rule, 0.01) else { panic!("{}", name) };
    let ready = trainer.step([(inputs, targets)]);
    let trained = measure(name, N::COUNT, || trainer.step([(black_box(inputs), black_box(targets))]));
    assert!(ready.is_ok() && trained.is_ok());
}

/// The same, the gradient never stored.
fn wide_fused<N: Layer<Input = Matrix<8, 64>, Output = Matrix<8, 10>>, R: Elementwise>(
    name: &str,
    memory: &mut Memory<N, R>,
    rule: R,
    inputs: &Matrix<8, 64>,
    targets: &[usize; 8],
) {
    initialize(&mut memory.network);
    let loss = BatchMean(CrossEntropy::default());
    let Ok(mut trainer) = Trainer::new(memory, loss, rule, 0.01) else { panic!("{}", name) };
    let ready = trainer.step(inputs, targets);
    let trained = measure(name, N::COUNT, || trainer.step(black_box(inputs), black_box(targets)));
    assert!(ready.is_ok() && trained.is_ok());
}
