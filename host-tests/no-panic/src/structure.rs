//! Batches as tensors, and layers made of layers.

use core::hint::black_box;
use kilograd::layer::{
    AuxiliaryHead, BatchNorm, Batched, Chain, Dense, Flash, Frozen, Kfac, PerSample, Residual, RunningNorm, Stored,
};
use kilograd::loss::DeepSupervision;
use kilograd::prelude::*;
use kilograd::train::{Batches, Hints, fingerprint};
use kilograd::{batch_network, network};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Wide = batch_network![8; 16 => 9 => BatchNorm => Relu => 9 => Tanh => 5];
type Block = Residual<Batched<Chain<Dense<16, 7>, Dense<7, 16>>, 8>>;

static STORED: Dense<16, 16> = Dense { weights: Matrix::ZERO, bias: Vector::ZERO };

struct Trunk;

impl Stored for Trunk {
    type Layer = Dense<16, 16>;

    fn layer() -> &'static Dense<16, 16> {
        &STORED
    }
}

/// Samples of nothing.
struct Blank(usize);

impl Dataset for Blank {
    type Input = Vector<16>;
    type Target = usize;

    fn len(&self) -> usize {
        self.0
    }

    fn load(&self, index: usize, input: &mut Vector<16>) -> Result<usize, Error> {
        input.fill(1.0);
        Ok(index & 3)
    }
}

pub fn run() {
    let _ = black_box((accumulated(), fused(), frozen(), heads(), norm(), kfac(), hints()));
}

fn accumulated() -> Result<u64, Error> {
    let rng = &mut SplitMix64::seed_from_u64(black_box(1));
    let (data, mut memory) = (black_box(Blank(50)), Memory::<Wide, Then<ClipNorm, Adam>, Accumulated>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, rng);
    let loss = BatchMean(CrossEntropy { label_smoothing: black_box(0.1) });
    let mut trainer = Trainer::new(&mut memory, loss, Then(ClipNorm::new(1.0), Adam::DEFAULT), black_box(0.1))?;
    trainer.epoch(&Batches::<_, 8>::shuffled(&data, rng), 0..black_box(6), 1)?;
    let mut single = <Wide as PerSample>::Single::default();
    trainer.network().write_single(&mut single);
    Ok(fingerprint(&single))
}

fn fused() -> Result<f32, Error> {
    let (data, mut memory) = (black_box(Blank(50)), Memory::<Chain<Block, Wide>, Momentum>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, &mut SplitMix64::seed_from_u64(black_box(1)));
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), Momentum::DEFAULT, black_box(0.1))?;
    let batches = Batches::<_, 8>::in_order(&data);
    trainer.epoch(&batches, 0..batches.len())?;
    trainer.evaluate_all(&batches, 0..batches.len(), |_, _| Ok(()))
}

fn frozen() -> Result<f32, Error> {
    type Net = Chain<Frozen<Residual<Dense<16, 16>>>, Chain<RunningNorm<16>, Chain<Flash<Trunk>, network![16 => 5]>>>;
    let (data, mut memory) = (black_box(Blank(50)), Memory::<Net, Adam>::ZERO);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, black_box(0.1))?;
    trainer.epoch(&data, 0..black_box(50))
}

fn heads() -> Result<f32, Error> {
    type Net = AuxiliaryHead<network![16 => 8 => Relu], network![8 => 5], network![8 => 8 => Tanh => 5]>;
    let (data, mut memory) = (black_box(Blank(50)), Memory::<Net, Adam, Accumulated>::ZERO);
    let cross_entropy = CrossEntropy::default();
    let loss = DeepSupervision { main: cross_entropy, head: cross_entropy, head_weight: black_box(0.3) };
    let mut trainer = Trainer::new(&mut memory, loss, Adam::DEFAULT, black_box(0.1))?;
    let loss = trainer.epoch(&data, 0..50, black_box(8))?;
    let mut inference = Chain::ZERO;
    trainer.network().write_chain(&mut inference);
    black_box(&inference);
    Ok(loss)
}

fn norm() -> Result<f32, Error> {
    let norm = BatchNorm::<4, 9>::new(black_box(0.3), black_box(1e-3))?;
    let mut folded = Dense::<5, 9>::ZERO;
    norm.fold(&black_box(Dense::ZERO), &mut folded);
    norm.fold_in_place(black_box(&mut folded));
    Ok(folded.bias.norm() + norm.momentum() + norm.epsilon())
}

fn kfac() -> Result<u64, Error> {
    type Net = Chain<Kfac<8, 16, 6>, Chain<Batched<kilograd::layer::Tanh<6>, 8>, Kfac<8, 6, 5>>>;
    let (data, loss) = (black_box(Blank(50)), BatchMean(CrossEntropy::default()));
    let mut memory = Memory::<Net, Momentum>::ZERO;
    memory.network.second.second = Kfac::new(black_box(0.9), black_box(0.1))?;
    let batches = Batches::<_, 8>::in_order(&data);
    Trainer::new(&mut memory, loss, Momentum::DEFAULT, black_box(0.1))?.epoch(&batches, 0..6)?;
    let mut stored = Memory::<Net, Adam, Accumulated>::ZERO;
    stored.network.copy_from(&memory.network);
    let mut trainer = Trainer::new(&mut stored, loss, Adam::DEFAULT, black_box(0.1))?;
    trainer.epoch(&batches, 0..6, black_box(1))?;
    Ok(fingerprint(trainer.network()))
}

fn hints() -> Result<f32, Error> {
    let (data, teacher) = (black_box(Blank(50)), Flash::<Trunk>::new());
    let hints = Hints { data: &data, teacher: &teacher };
    let mut memory = Memory::<network![16 => 4 => Relu => 16], Sgd>::ZERO;
    Trainer::new(&mut memory, MeanSquaredError, Sgd, black_box(0.1))?.epoch(&hints, 0..black_box(50))
}
