//! Handwritten digits: 8 × 8 pixels, ten classes.
//!
//! E. Alpaydin and C. Kaynak (1998), *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository,
//! DOI 10.24432/C50P49, CC BY 4.0: the 1,797 records that scikit-learn bundles, one byte a pixel.

use crate::SplitMix64;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Whom to name where the data is shown.
pub const CITATION: &str = "E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, \
    UCI Machine Learning Repository, DOI 10.24432/C50P49, CC BY 4.0";
/// How many samples there are.
pub const SAMPLES: usize = 1_797;
/// How many of them train; the other 357 test.
pub const TRAINING: usize = 1_440;
/// Pixels of a sample, row by row.
pub const PIXELS: usize = 64;
/// Classes.
pub const CLASSES: usize = 10;

/// The network that learns them.
pub type Net = network![64 => 32 => Relu => 10];

/// The learning rate that suits [`Sgd`], one sample a step.
pub const SGD_RATE: f32 = 0.02;
/// The learning rate that suits [`Momentum`], one sample a step.
pub const MOMENTUM_RATE: f32 = 0.002;
/// The learning rate that suits [`Adam`] and [`AdamW`], one sample a step.
pub const ADAM_RATE: f32 = 0.001;

/// Records of 64 pixels from 0 to 16 and a class.
static RECORDS: &[u8; SAMPLES * (PIXELS + 1)] = include_bytes!("../data/digits.u8");
/// The shuffled order of records; the first `TRAINING` train.
static ORDER: [u16; SAMPLES] = SplitMix64(7).shuffled();

/// Some of the samples, in flash; pixels are scaled to [0, 1] when they are loaded.
#[derive(Clone, Copy, Debug)]
pub struct Digits(&'static [u16]);

impl Digits {
    /// The samples that train.
    pub fn training() -> Self {
        Self(ORDER.split_at(TRAINING).0)
    }

    /// The samples that test.
    pub fn test() -> Self {
        Self(ORDER.split_at(TRAINING).1)
    }
}

impl Dataset for Digits {
    type Input = Vector<PIXELS>;
    type Target = usize;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn load(&self, index: usize, input: &mut Vector<PIXELS>) -> Result<usize, Error> {
        let record = self.0.get(index).and_then(|row| RECORDS.as_chunks::<65>().0.get(usize::from(*row)));
        let Some([pixels @ .., class]) = record else { return Err(self.out_of_range(index)) };
        for (x, pixel) in input.as_mut_slice().iter_mut().zip(pixels) {
            *x = f32::from(*pixel) / 16.0;
        }
        Ok(usize::from(*class))
    }
}

/// Draws the network's first weights and returns the generator, which goes on to shuffle the epochs.
pub fn initialize(network: &mut Net, seed: u64) -> Xoshiro128PlusPlus {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    network.initialize(&HeUniform, Bias::Zero, &mut rng);
    rng
}

/// Trains from a seed of 1, one sample a step, and returns the fingerprint of the weights: the same on every target.
///
/// # Errors
/// Whatever a step refuses.
pub fn fingerprint_after<R: Elementwise>(memory: &mut Memory<Net, R>, rule: R, rate: f32, epochs: u32) -> Result<u64, Error> {
    let mut rng = initialize(&mut memory.network, 1);
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, rate)?;
    for _ in 0..epochs {
        trainer.epoch(&Digits::training(), Shuffle::new(TRAINING, &mut rng))?;
    }
    Ok(fingerprint(trainer.network()))
}
