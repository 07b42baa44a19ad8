//! Averages, monitors, streams, curricula and merged batches.

use core::hint::black_box;
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Averaging, DebiasedExponential, Exponential, Polyak, StochasticWeights};
use kilograd::train::monitor::{DeadUnits, Spread, update_ratios};
use kilograd::train::{Curriculum, FadingMean, zero_one_loss};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![5 => 7 => Relu => 3];

const SAMPLES: usize = 9;

pub fn run() {
    black_box(&[averages(), batches(), stream()]);
}

fn averages() -> Result<f32, Error> {
    let decay = black_box(0.9);
    let network = black_box(Net::ZERO);
    averaged(&Polyak, &network)?;
    averaged(&StochasticWeights { start: black_box(3), every: black_box(2) }, &network)?;
    averaged(&Exponential { decay }, &network)?;
    averaged(&DebiasedExponential { decay }, &network)
}

fn averaged(rule: &impl Averaging, network: &Net) -> Result<f32, Error> {
    let (mut average, mut swapped) = (Average::<Net>::ZERO, Net::ZERO);
    average.observe(rule, network)?;
    average.observe(rule, network)?;
    average.swap(&mut swapped);
    Ok(average.network().map_or(0.0, |network| network.first.layer.bias.norm()) + swapped.first.layer.bias.norm())
}

/// Two halves of a batch, and what there is to watch.
fn batches() -> Result<f32, Error> {
    let data = black_box([(); SAMPLES].map(|()| (Vector::<5>::ZERO, 1_usize)));
    let (mut first, mut second) = (Memory::<Net, Adam, Accumulated>::ZERO, Memory::<Net, Sgd, Accumulated>::ZERO);
    first.network.initialize(&HeUniform, Bias::Zero, &mut SplitMix64::seed_from_u64(black_box(1)));
    second.network.copy_from(&first.network);
    let mut start = Net::ZERO;
    let mut trainer = Trainer::new(&mut first, CrossEntropy::default(), Adam::DEFAULT, black_box(0.1))?;
    let curvature = trainer.curvature(&data[..], 0..black_box(4), &mut start)?;
    for (input, label) in &data[..4] {
        trainer.accumulate(input, label)?;
    }
    let mut other = Trainer::new(&mut second, CrossEntropy::default(), Sgd, black_box(0.1))?;
    for (input, label) in &data[4..] {
        other.accumulate(input, label)?;
    }
    trainer.merge(&mut second);
    let norm = trainer.gradient_norm();
    trainer.apply()?;
    let mut largest = 0.0;
    update_ratios(&start, trainer.network(), &mut |ratio| largest = if ratio > largest { ratio } else { largest });
    Ok(norm + largest + curvature.predicted_change(black_box(0.1)) + curvature.quadratic_form() + curvature.squared_norm())
}

/// Easy samples first, each tested before it trains.
fn stream() -> Result<f32, Error> {
    let data = black_box([(); SAMPLES].map(|()| (Vector::<5>::ZERO, 1_usize)));
    let (rng, mut memory) = (&mut SplitMix64::seed_from_u64(black_box(1)), Memory::<Net, Sgd>::ZERO);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, black_box(0.1))?;
    let mut curriculum = Curriculum::<SAMPLES>::ZERO;
    for (index, (input, label)) in data.iter().enumerate() {
        curriculum.rate(black_box(index), trainer.evaluate(input, label)?.0);
    }
    trainer.epoch(&data[..], curriculum.easiest(black_box(0.5), rng))?;
    let (mut error, mut spread, mut dead) = (FadingMean::DEFAULT, [Spread::DEFAULT; 3], DeadUnits::<7>::DEFAULT);
    for index in curriculum.mixed(black_box(20), black_box(0.3), rng) {
        let Some((input, label)) = data.get(index) else { continue };
        trainer.step(input, label)?;
        error.observe(zero_one_loss(trainer.output(), *label), black_box(0.99))?;
        trainer.visit_signals(&mut |place, values, gradients| {
            if let Some(spread) = spread.get_mut(place) {
                spread.observe(gradients);
            }
            if place == 1 {
                dead.observe(values);
            }
        });
    }
    let spread = spread.iter().fold(0.0, |sum, spread| sum + spread.deviation() + spread.mean());
    Ok(spread + dead.share() + error.mean().unwrap_or_default())
}
