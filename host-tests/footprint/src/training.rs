//! What the firmwares train, and the desktop with them.

use kilograd::batch_network;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

/// The network of the digits.
pub type Net = network![64 => 32 => Relu => 10];
/// The same, for batches that are one tensor.
pub type BatchNet = batch_network![2; 64 => 32 => Relu => 10];

/// The learning rate of SGD and momentum.
pub const SGD_RATE: f32 = 0.02;
/// The learning rate of Adam.
pub const ADAM_RATE: f32 = 0.001;

/// How often the samples are gone through.
const EPOCHS: usize = 20;

/// What is trained on, in flash: a falling slope and a rising one.
static SAMPLES: [(Vector<64>, usize); 2] = [(Vector::new(slope(-1.0)), 3), (Vector::new(slope(1.0)), 7)];
/// The same as one tensor.
static BATCH_SAMPLES: (Matrix<2, 64>, [usize; 2]) = (Matrix::new([slope(-1.0), slope(1.0)]), [3, 7]);

const fn slope(by: f32) -> [f32; 64] {
    let (mut x, mut at) = ([0.0; 64], -1.0);
    let mut i = 0;
    while i < 64 {
        x[i] = by * at;
        at += 1.0 / 32.0;
        i += 1;
    }
    x
}

/// Draws the first weights, by a generator whose state is one number.
fn initialize(network: &mut impl Layer) {
    network.initialize(&HeUniform, Bias::Zero, &mut SplitMix64::seed_from_u64(1));
}

/// Trains one sample a step.
///
/// # Errors
/// None with settings and samples that are valid; so are those below.
pub fn samples<R: Elementwise>(memory: &mut Memory<Net, R>, rule: R, rate: f32) -> Result<(), Error> {
    initialize(&mut memory.network);
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, rate)?;
    for _ in 0..EPOCHS {
        for (input, label) in &SAMPLES {
            trainer.step(input, label)?;
        }
    }
    Ok(())
}

/// Trains mini-batches, sample by sample.
///
/// # Errors
/// None.
pub fn mini_batches<R: Rule>(memory: &mut Memory<Net, R, Accumulated>, rule: R, rate: f32) -> Result<(), Error> {
    initialize(&mut memory.network);
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, rate)?;
    for _ in 0..EPOCHS {
        trainer.step(SAMPLES.iter().map(|(input, label)| (input, label)))?;
    }
    Ok(())
}

/// Trains mini-batches at once.
///
/// # Errors
/// None.
pub fn batches<R: Rule>(memory: &mut Memory<BatchNet, R, Accumulated>, rule: R, rate: f32) -> Result<(), Error> {
    initialize(&mut memory.network);
    let mut trainer = Trainer::new(memory, BatchMean(CrossEntropy::default()), rule, rate)?;
    for _ in 0..EPOCHS {
        trainer.step([(&BATCH_SAMPLES.0, &BATCH_SAMPLES.1)])?;
    }
    Ok(())
}
