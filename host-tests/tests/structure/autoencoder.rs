//! Unsupervised learning as a start: what an autoencoder learns without a label is copied into a classifier.

use crate::accuracy;
use kilograd::layer::{Chain, Frozen};
use kilograd::network;
use kilograd::prelude::*;
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// A code of eight numbers for 64 pixels.
type Encoder = network![64 => 8 => Tanh];
type Autoencoder = Chain<Encoder, network![8 => 64]>;
/// Learns to read the code; the encoder stays as it is.
type Reader = Chain<Frozen<Encoder>, network![8 => 10]>;

/// Digits as their own targets.
struct Unlabelled(Digits);

impl Dataset for Unlabelled {
    type Input = Vector<64>;
    type Target = Vector<64>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn load(&self, index: usize, input: &mut Vector<64>) -> Result<Vector<64>, Error> {
        self.0.load(index, input)?;
        Ok(input.clone())
    }
}

/// An encoder that has seen every training sample, but no label.
fn pretrained(rng: &mut Xoshiro128PlusPlus) -> Encoder {
    let mut memory = Box::new(Memory::<Autoencoder, Adam>::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Adam::DEFAULT, 0.002).unwrap();
    let data = Unlabelled(Digits::training());
    for _ in 0..5 {
        trainer.epoch(&data, Shuffle::new(digits::TRAINING, rng)).unwrap();
    }
    memory.network.first.clone()
}

/// One that has seen nothing.
fn random(rng: &mut Xoshiro128PlusPlus) -> Encoder {
    let mut encoder = Encoder::ZERO;
    encoder.initialize(&GlorotUniform, Bias::Zero, rng);
    encoder
}

/// The accuracy with which the code of `encoder` can be read.
fn read(encoder: &Encoder, rng: &mut Xoshiro128PlusPlus) -> f32 {
    let mut memory = Box::new(Memory::<Reader, Adam>::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Zero, rng);
    memory.network.first.layer.copy_from(encoder);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
    for _ in 0..5 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng)).unwrap();
    }
    accuracy(trainer.network())
}

// What pretraining takes for the decoder is gone when the reader trains, and the encoder then has no state.
const _: () = assert!(Memory::<Reader, Adam>::RAM_BYTES < Memory::<Autoencoder, Adam>::RAM_BYTES / 3);

#[test]
fn what_an_autoencoder_learned_is_a_better_start() {
    for seed in 1..=3 {
        let rng = &mut Xoshiro128PlusPlus::seed_from_u64(seed);
        let (learned, drawn) = (pretrained(rng), random(rng));
        let (with, without) = (read(&learned, rng), read(&drawn, rng));
        println!("accuracy {with:.3} from an autoencoder's code, {without:.3} from a random one");
        assert!(with > without + 0.05);
    }
}
