//! Gradients that arrive late: how large a rate they bear, and that a smaller one cures them.

use kilograd::optim::{Delayed, Step};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_tasks::iris;
use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};

/// How far from 0, where it began at 1, delayed descent on λ·w²/2 is after so many steps, with η·λ this share of the limit.
fn distance<const DELAY: usize>(share: f64, steps: u32) -> f32 {
    const CURVATURE: f32 = 4.0;
    let limit = 2.0 * (std::f64::consts::PI / (2.0 * (2.0 * DELAY as f64 + 1.0))).sin();
    let rate = (share * limit) as f32 / CURVATURE;
    let (rule, mut weights, mut queue) = (Delayed::<DELAY>, Vector::new([1.0]), <[Vector<1>; DELAY]>::ZERO);
    let mut recent = Vec::new();
    for step in 1..=steps {
        let mut gradient = Vector::new([CURVATURE * weights.as_array()[0]]);
        Step::new::<()>(&rule, step, rate, None).descend(&mut weights, &mut gradient, &mut queue);
        recent.push(weights.as_array()[0].abs());
        if recent.last().is_some_and(|distance| *distance > 1e30) {
            break;
        }
    }
    // An oscillation passes through 0: its amplitude is that of a whole period.
    recent.iter().rev().take(40).fold(0.0, |most, x| most.max(*x))
}

fn check<const DELAY: usize>() {
    let below = distance::<DELAY>(0.97, 4_000);
    let above = distance::<DELAY>(1.03, 4_000);
    assert!(below < 1e-6, "delay {DELAY}: {below} just below the limit");
    assert!(above > 1e6, "delay {DELAY}: {above} just above the limit");
}

#[test]
fn the_limit_is_where_the_formula_says() {
    check::<0>();
    check::<1>();
    check::<2>();
    check::<3>();
    check::<4>();
}

/// The loss over the training samples after whole-batch descent.
fn train<const DELAY: usize>(rate: f32) -> Result<f32, Error> {
    let (data, mut memory) = (iris::load(), Memory::<iris::Net, Then<Delayed<DELAY>, Sgd>, Accumulated>::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Then(Delayed, Sgd), rate)?;
    for _ in 0..300 {
        trainer.epoch(&data[..], 0..iris::TRAINING, iris::TRAINING)?;
    }
    trainer.evaluate_all(&data[..], 0..iris::TRAINING, |_, _| Ok(()))
}

#[test]
fn a_smaller_rate_cures_a_network() {
    let (prompt, late, cured) = (train::<0>(1.0), train::<16>(1.0), train::<16>(0.05));
    let said = format!("without a delay {prompt:?}, with one {late:?}, with a smaller rate {cured:?}");
    assert!(prompt.is_ok_and(|loss| loss < 0.1), "{said}");
    assert!(!late.is_ok_and(|loss| loss < 0.5), "{said}");
    assert!(cured.is_ok_and(|loss| loss < 0.3), "{said}");
}

fn fingerprint_after<R: Rule + Copy>(rule: R, steps: usize) -> u64 {
    let (data, mut memory) = (iris::load(), Memory::<iris::Net, R, Accumulated>::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.01).unwrap();
    trainer.epoch(&data[..], 0..steps, 1).unwrap();
    fingerprint(trainer.network())
}

#[test]
fn nothing_happens_until_the_first_gradient_arrives() {
    let untrained = {
        let mut network = iris::Net::ZERO;
        network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
        fingerprint(&network)
    };
    assert_eq!(fingerprint_after(Then(Delayed::<3>, Sgd), 3), untrained);
    assert_ne!(fingerprint_after(Then(Delayed::<3>, Sgd), 4), untrained);
    assert_eq!(fingerprint_after(Then(Delayed::<0>, Adam::DEFAULT), 9), fingerprint_after(Adam::DEFAULT, 9));
}

#[test]
fn both_ways_to_step_are_as_late() {
    let rule = Then(Delayed::<2>, Momentum::DEFAULT);
    let (data, mut memory) = (iris::load(), Memory::<iris::Net, Then<Delayed<2>, Momentum>>::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.01).unwrap();
    trainer.epoch(&data[..], 0..50).unwrap();
    assert_eq!(fingerprint(trainer.network()), fingerprint_after(rule, 50));
    assert_eq!(Memory::<iris::Net, Then<Delayed<2>, Momentum>>::STATE_BYTES, 3 * size_of::<iris::Net>());
}
