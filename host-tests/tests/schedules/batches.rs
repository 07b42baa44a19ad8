//! Batches that grow.

use kilograd::prelude::*;
use kilograd::train::{BatchSize, GrowingBatch, fingerprint};
use kilograd::{Error, Setting};
use kilograd_tasks::iris::{self, Net};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const RATE: f32 = 0.05;

fn memory() -> Memory<Net, Momentum, Accumulated> {
    let mut memory = Memory::ZERO;
    Net::initialize(&mut memory.network, &GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(4));
    memory
}

#[test]
fn batches_are_taken_one_after_another_each_of_its_size() {
    let data = iris::load();
    let size = GrowingBatch { initial: 1, growth: 2, every: 2, most: 20 };
    let sizes = [1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 20, 20];
    let (mut grown, mut by_hand) = (memory(), memory());
    let mut trainer = Trainer::new(&mut grown, CrossEntropy::default(), Momentum::DEFAULT, RATE).unwrap();
    // Over two epochs: the size depends on all steps so far.
    trainer.epoch(&data[..], 0..30, size).unwrap();
    assert_eq!(trainer.steps(), 8);
    trainer.epoch(&data[..], 30..102, size).unwrap();
    assert_eq!(trainer.steps(), 12);
    let mut trainer = Trainer::new(&mut by_hand, CrossEntropy::default(), Momentum::DEFAULT, RATE).unwrap();
    let mut next = data.iter().map(|(input, label)| (input, label));
    for size in sizes {
        trainer.step(next.by_ref().take(size)).unwrap();
    }
    assert_eq!(fingerprint(&grown.network), fingerprint(&by_hand.network));
}

#[test]
fn sizes_grow_to_the_most_and_no_further() {
    let size = GrowingBatch { initial: 3, growth: 3, every: 1, most: usize::MAX };
    assert_eq!([0, 1, 2, 3].map(|step| size.batch_size(step)), [3, 9, 27, 81]);
    assert_eq!(size.batch_size(u32::MAX), usize::MAX);
    let constant = GrowingBatch { growth: 1, ..size };
    assert_eq!(constant.batch_size(u32::MAX), 3);
}

/// A size from outside that goes wrong at step 2.
struct WrongAtTwo;

impl BatchSize for WrongAtTwo {
    fn batch_size(&self, step: u32) -> usize {
        if step == 2 { 0 } else { 3 }
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn sizes_of_zero_are_refused() {
    let right = GrowingBatch { initial: 3, growth: 3, every: 1, most: 9 };
    let refused = |size: GrowingBatch, setting: Setting| {
        let data = iris::load();
        let mut memory = memory();
        let before = fingerprint(&memory.network);
        let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::DEFAULT, RATE).unwrap();
        let error = trainer.epoch(&data[..], 0..30, size).unwrap_err();
        assert!(matches!(error, Error::Setting(what, _) if what == setting), "{error:?}");
        assert_eq!(fingerprint(&memory.network), before);
        // Unchecked it ends nonetheless.
        let _ = size.batch_size(u32::MAX);
    };
    assert_eq!(right.check(), Ok(()));
    refused(GrowingBatch { initial: 0, ..right }, Setting::BatchSize);
    refused(GrowingBatch { growth: 0, ..right }, Setting::Growth);
    refused(GrowingBatch { every: 0, ..right }, Setting::Steps);
    refused(GrowingBatch { most: 2, ..right }, Setting::BatchSize);

    let data = iris::load();
    let mut memory = memory();
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::DEFAULT, RATE).unwrap();
    assert_eq!(trainer.epoch(&data[..], 0..30, WrongAtTwo), Err(Error::Setting(Setting::BatchSize, 0.0)));
    assert_eq!(trainer.steps(), 2);
}

/// The squared distance to the minimum, in expectation, of x ← x − ε·(x − mean of a batch of noise), after `samples` of them.
fn excess(size: impl BatchSize, samples: usize) -> f64 {
    const TARGETS: [f32; 2] = [-1.0, 1.0];
    let data = TARGETS.map(|target| (Vector::new([0.0]), Vector::new([target])));
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(3);
    let runs = 60;
    let square = |_| {
        let mut memory = Memory::<network![1 => 1], Sgd, Accumulated>::ZERO;
        memory.network.bias.fill(3.0);
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
        let mut left = samples;
        while left > 0 {
            // Coins, a batch at a time: an order that is not used up would be lost.
            let batch = size.batch_size(trainer.steps()).min(left);
            let coins = core::iter::repeat_with(|| Shuffle::new(2, rng).next().unwrap()).take(batch);
            trainer.epoch(&data, coins, batch).unwrap();
            left -= batch;
        }
        f64::from(memory.network.bias.as_array()[0]).powi(2)
    };
    (0..runs).map(square).sum::<f64>() / f64::from(runs)
}

#[test]
fn growing_batches_take_the_noise_out_at_a_constant_rate() {
    // The noise that a constant batch of one never loses: its variance is ε'/(2 − ε') with ε' = 2·0.1, about 0.11.
    let constant = excess(1_usize, 3_000);
    let growing = excess(GrowingBatch { initial: 1, growth: 2, every: 8, most: 512 }, 3_000);
    assert!((0.06..0.2).contains(&constant), "{constant}");
    assert!(growing < constant / 20.0, "{growing}, not far below {constant}");
}
