//! What a batch's size does: the gradient's standard error, one step for all samples, noise, and the order of samples.

use crate::support::{below, flat, log_log_slope, mean, rng};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_host_tests::numeric::wide;
use kilograd_tasks::{friedman1, iris};
use std::collections::BTreeSet;

type Iris = Memory<iris::Net, Sgd, Accumulated>;

fn memory() -> Iris {
    let mut memory = Iris::ZERO;
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng(4));
    memory
}

/// The mean gradient of these samples.
fn gradient(memory: &mut Iris, data: &[(Vector<4>, usize)], batch: impl Iterator<Item = usize>) -> Vec<f64> {
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), Sgd, 0.1).unwrap();
    trainer.clear();
    let mut samples = 0.0;
    for index in batch {
        trainer.accumulate(&data[index].0, &data[index].1).unwrap();
        samples += 1.0;
    }
    wide(&flat(trainer.gradient())).iter().map(|g| g / samples).collect()
}

#[test]
fn the_standard_error_of_a_gradient_falls_as_the_root_of_the_batch_size() {
    const BATCHES: usize = 300;
    let (data, mut memory, rng) = (iris::load(), memory(), &mut rng(9));
    let exact = gradient(&mut memory, &data, 0..iris::TRAINING);
    let mut standard_error = |size: usize| {
        let squares: Vec<f64> = (0..BATCHES)
            .map(|_| {
                let drawn = gradient(&mut memory, &data, (0..size).map(|_| below(iris::TRAINING, rng)));
                drawn.iter().zip(&exact).map(|(drawn, exact)| (drawn - exact).powi(2)).sum()
            })
            .collect();
        mean(&squares).sqrt()
    };
    let errors = [1, 10, 100].map(|size| (size as f64, standard_error(size)));
    let slope = log_log_slope(&errors);
    println!("standard error of the gradient at m = 1, 10, 100: {:.4?}; slope {slope:.3}", errors.map(|(_, error)| error));
    assert!((slope + 0.5).abs() < 0.03);
    // A hundred times the samples for ten times the accuracy.
    assert!((errors[0].1 / errors[2].1 / 10.0 - 1.0).abs() < 0.15);
}

#[test]
fn an_epoch_in_one_batch_is_one_step_whatever_the_order() {
    let data = iris::load();
    let train = |order: &mut dyn Iterator<Item = usize>| {
        let mut memory = memory();
        let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.5).unwrap();
        let loss = trainer.epoch(&data[..], order, iris::TRAINING).unwrap();
        assert_eq!(trainer.steps(), 1);
        (loss, memory.network)
    };
    let (loss, network) = train(&mut (0..iris::TRAINING));
    let mut memory = memory();
    let exact = gradient(&mut memory, &data, 0..iris::TRAINING);
    let before = flat(&memory.network);
    for ((after, before), gradient) in flat(&network).iter().zip(before).zip(exact) {
        assert!((f64::from(*after) - (f64::from(before) - 0.5 * gradient)).abs() < 1e-6);
    }
    // No noise: the same bits again, and in another order all but the sum's last digits.
    assert_eq!(fingerprint(&train(&mut (0..iris::TRAINING)).1), fingerprint(&network));
    let (other_loss, other) = train(&mut Shuffle::new(iris::TRAINING, &mut rng(1)));
    assert!((loss - other_loss).abs() < 1e-5);
    assert!(flat(&network).iter().zip(flat(&other)).all(|(a, b)| (a - b).abs() < 1e-5));
}

/// A few samples and a network that can learn them by heart, trained at one rate until the training loss is the same: what the
/// held-out loss is then differs by the noise of the way there. (After as many epochs a small batch would have taken more
/// steps, and learned more by heart.)
#[test]
fn the_noise_of_single_samples_regularises() {
    type Net = network![10 => 32 => Relu => 1];
    const TRAINING: usize = 64;
    const SEEDS: u64 = 24;
    const RATE: f32 = 0.02;
    const WANTED: f32 = 0.05;
    let data = friedman1::load();
    let gaps = [1, 8, 32].map(|size| {
        let (mut held_out, mut training, mut epochs) = (0.0, 0.0, 0);
        for seed in 0..SEEDS {
            let (rng, mut memory) = (&mut rng(seed), Memory::<Net, Sgd, Accumulated>::ZERO);
            memory.network.initialize(&HeUniform, Bias::Zero, rng);
            let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, RATE).unwrap();
            let reached = (0..1_000).any(|_| {
                epochs += 1;
                trainer.epoch(&data[..], Shuffle::new(TRAINING, rng), size).unwrap();
                trainer.evaluate_all(&data[..], 0..TRAINING, |_, _| Ok(())).unwrap() <= WANTED
            });
            assert!(reached, "m = {size}, seed {seed}");
            let mut loss = |range| trainer.evaluate_all(&data[..], range, |_, _| Ok(())).unwrap() / SEEDS as f32;
            training += loss(0..TRAINING);
            held_out += loss(friedman1::TRAINING..friedman1::SAMPLES);
        }
        let gap = held_out - training;
        println!(
            "m = {size}: {} epochs to a training loss of {training:.3}; held out {held_out:.3}, gap {gap:.3}",
            epochs / SEEDS
        );
        gap
    });
    // Between 8 and 32 the difference is that between seeds.
    assert!(gaps[0] < 0.97 * gaps[1] && gaps[0] < 0.97 * gaps[2], "{gaps:?}");
}

#[test]
fn shuffled_once_or_every_epoch() {
    let data = iris::load();
    let (mut once, mut each) = (Memory::<iris::Net, Sgd>::ZERO, Memory::<iris::Net, Sgd>::ZERO);
    for memory in [&mut once, &mut each] {
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng(4));
    }
    let mut orders = BTreeSet::new();
    let rng = &mut rng(6);
    // Sixteen bytes are the order: a clone of them is the same order again.
    let first = Shuffle::new(iris::TRAINING, rng);
    let mut losses = [0.0; 2];
    for epoch in 0..30 {
        let mut trainer = Trainer::new(&mut once, CrossEntropy::default(), Sgd, 0.05).unwrap();
        losses[0] = trainer.epoch(&data[..], first.clone()).unwrap();
        let another = if epoch == 0 { first.clone() } else { Shuffle::new(iris::TRAINING, rng) };
        orders.insert(another.clone().collect::<Vec<_>>());
        let mut trainer = Trainer::new(&mut each, CrossEntropy::default(), Sgd, 0.05).unwrap();
        losses[1] = trainer.epoch(&data[..], another).unwrap();
        let same = fingerprint(&once.network) == fingerprint(&each.network);
        assert_eq!(same, epoch == 0, "epoch {epoch}");
    }
    println!("loss of epoch 30: shuffled once {:.4}, every epoch {:.4}", losses[0], losses[1]);
    assert_eq!(orders.len(), 30);
    assert!(losses.iter().all(|loss| *loss < 0.15));
}
