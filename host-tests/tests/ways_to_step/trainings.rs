//! Whole trainings: one sample a step in both ways, early stopping, seeds.

use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::{Verdict, fingerprint};
use kilograd_tasks::{friedman1, iris};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const RATE: f32 = 0.01;
const EPOCHS: usize = 3;

/// Largest difference of a weight after three epochs of SGD in both ways, where weights are up to 1. Fused it rounds `x·(η·d)`,
/// accumulated `η·(x·d)`: ε of a step that is 10⁻² at most, 336 times, and once the sums differ, ε/2 of a weight as many
/// times: 2·10⁻⁵ if all had one sign, a tenth of it as they come. Measured: 1.2·10⁻⁷.
const SGD_TOLERANCE: f32 = 2e-6;

fn rng(seed: u64) -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(seed)
}

fn fused<R: Elementwise + Copy>(rule: R, seed: u64) -> iris::Net {
    let (mut memory, data, rng) = (Memory::<iris::Net, R>::ZERO, iris::load(), &mut rng(seed));
    memory.network.initialize(&GlorotUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE).unwrap();
    for _ in 0..EPOCHS {
        trainer.epoch(&data[..], Shuffle::new(iris::TRAINING, rng)).unwrap();
    }
    memory.network
}

fn accumulated<R: Rule + Copy>(rule: R, seed: u64) -> iris::Net {
    let (mut memory, data, rng) = (Memory::<iris::Net, R, Accumulated>::ZERO, iris::load(), &mut rng(seed));
    memory.network.initialize(&GlorotUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE).unwrap();
    for _ in 0..EPOCHS {
        trainer.epoch(&data[..], Shuffle::new(iris::TRAINING, rng), 1).unwrap();
    }
    memory.network
}

#[test]
fn both_ways_take_the_same_steps() {
    fn check<R: Elementwise + Copy>(rule: R) {
        assert_eq!(fingerprint(&fused(rule, 1)), fingerprint(&accumulated(rule, 1)));
    }
    check(Momentum::DEFAULT);
    check(Momentum { dampening: 0.5, ..Momentum::DEFAULT });
    check(Momentum::NESTEROV);
    check(Adam::DEFAULT);
    check(AdamW::new(0.1));
    check(Then(WeightDecay { weight_decay: 0.1 }, Adam::DEFAULT));
    check(Then(WeightDecay { weight_decay: 0.1 }, Sgd));
    check(Then(ClipValue { bound: 0.1 }, Momentum::DEFAULT));
    check(Then(Momentum::NESTEROV, ClipValue { bound: 0.1 }));
}

#[test]
fn both_ways_of_sgd_take_nearly_the_same_steps() {
    let (a, b) = (fused(Sgd, 1), accumulated(Sgd, 1));
    let (mut weights, mut largest) = (Vec::new(), 0.0_f32);
    a.visit(&mut |group| weights.extend_from_slice(group));
    let mut others = weights.iter();
    b.visit(&mut |group| group.iter().zip(&mut others).for_each(|(b, a)| largest = largest.max((a - b).abs())));
    assert!(largest < SGD_TOLERANCE, "{largest:e}");
}

#[test]
fn a_seed_decides_everything() {
    for train in [|seed| fingerprint(&fused(Adam::DEFAULT, seed)), |seed| fingerprint(&accumulated(AdamW::new(0.01), seed))] {
        assert_eq!(train(1), train(1));
        assert_ne!(train(1), train(2));
    }
}

#[test]
fn early_stopping_brings_the_best_network_back() {
    const TRAINING: usize = 60;
    let held_out = friedman1::TRAINING..friedman1::SAMPLES;
    let (data, rng) = (friedman1::load(), &mut rng(3));
    let mut memory = Memory::<friedman1::Net, Adam>::ZERO;
    memory.network.initialize(&GlorotUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Adam::DEFAULT, 0.02).unwrap();
    let mut stopping = EarlyStopping::<friedman1::Net>::ZERO;
    let mut seen: Vec<(f32, u64)> = Vec::new();
    // A sixth of the samples, so that the network soon learns them by heart.
    let stopped = (0..200).any(|_| {
        trainer.epoch(&data[..], Shuffle::new(TRAINING, rng)).unwrap();
        let loss = trainer.evaluate_all(&data[..], held_out.clone(), |_, _| Ok(())).unwrap();
        seen.push((loss, fingerprint(trainer.network())));
        stopping.observe(loss, trainer.network(), 5) == Verdict::Stop
    });
    assert!(stopped);
    let (best_loss, best) = seen.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert_eq!(seen.len(), seen.iter().position(|(loss, _)| *loss == best_loss).unwrap() + 1 + 5);
    assert_ne!(fingerprint(trainer.network()), best);
    stopping.restore(trainer.network_mut());
    assert_eq!((fingerprint(trainer.network()), stopping.best_loss()), (best, Some(best_loss)));
    assert_eq!(trainer.evaluate_all(&data[..], held_out, |_, _| Ok(())), Ok(best_loss));
}
