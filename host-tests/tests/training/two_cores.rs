//! A batch on two cores.

use crate::support::rng;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_tasks::iris::{self, Net};
use std::thread;

type Ram<R> = Memory<Net, R, Accumulated>;
type Batch = [(Vector<4>, usize)];

fn memory<R: Rule>() -> Box<Ram<R>> {
    let mut memory = Box::new(Ram::ZERO);
    Net::initialize(&mut memory.network, &GlorotUniform, Bias::Zero, &mut rng(4));
    memory
}

/// One core's share of a batch.
fn accumulate<R: Rule + Copy>(memory: &mut Ram<R>, rule: R, share: &Batch) {
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, 0.02).unwrap();
    share.iter().for_each(|(input, label)| assert!(trainer.accumulate(input, label).is_ok()));
}

#[test]
fn two_cores_train_to_the_bits_of_one() {
    let data = iris::load();
    let batches = || data[..iris::TRAINING].chunks_exact(15).map(|batch| batch.split_at(8));
    let (mut first, mut second) = (memory::<Adam>(), memory::<Sgd>());
    let mut losses = Vec::new();
    for (left, right) in batches() {
        second.network.copy_from(&first.network);
        thread::scope(|scope| {
            scope.spawn(|| accumulate(&mut first, Adam::DEFAULT, left));
            scope.spawn(|| accumulate(&mut second, Sgd, right));
        });
        let mut trainer = Trainer::new(&mut first, CrossEntropy::default(), Adam::DEFAULT, 0.02).unwrap();
        trainer.merge(&mut second);
        losses.push(trainer.apply().unwrap());
    }

    let (mut alone, mut rest) = (memory::<Adam>(), memory::<Sgd>());
    let mut alone_losses = Vec::new();
    for (left, right) in batches() {
        rest.network.copy_from(&alone.network);
        accumulate(&mut rest, Sgd, right);
        accumulate(&mut alone, Adam::DEFAULT, left);
        let mut trainer = Trainer::new(&mut alone, CrossEntropy::default(), Adam::DEFAULT, 0.02).unwrap();
        trainer.merge(&mut rest);
        alone_losses.push(trainer.apply().unwrap());
    }
    assert_eq!((losses, fingerprint(&first.network)), (alone_losses, fingerprint(&alone.network)));
}

#[test]
fn a_merged_batch_is_the_batch_but_for_rounding() {
    let data = iris::load();
    let (mut whole, mut left, mut right) = (memory::<Sgd>(), memory::<Sgd>(), memory::<Momentum>());
    accumulate(&mut whole, Sgd, &data[..15]);
    accumulate(&mut left, Sgd, &data[..8]);
    accumulate(&mut right, Momentum::DEFAULT, &data[8..15]);
    let mut whole = Trainer::new(&mut whole, CrossEntropy::default(), Sgd, 1.0).unwrap();
    let mut trainer = Trainer::new(&mut left, CrossEntropy::default(), Sgd, 1.0).unwrap();
    trainer.merge(&mut right);
    let mut worst = 0.0_f32;
    trainer.gradient().visit_with(whole.gradient(), &mut |a, b| {
        a.iter().zip(b).for_each(|(a, b)| worst = worst.max((a - b).abs()));
    });
    // Fifteen terms of one or so, added in another order.
    assert!(worst < 15.0 * f32::EPSILON, "{worst:e}");
    assert!((trainer.apply().unwrap() - whole.apply().unwrap()).abs() < 1e-6);

    // What was merged is gone from where it came from, and an empty batch adds nothing.
    let mut right = Trainer::new(&mut right, CrossEntropy::default(), Momentum::DEFAULT, 1.0).unwrap();
    assert!(right.gradient() == &Zero::ZERO);
    assert_eq!(right.apply(), Err(Error::EmptyBatch));
    let mut empty = memory::<Sgd>();
    trainer.merge(&mut empty);
    assert_eq!(trainer.apply(), Err(Error::EmptyBatch));
}
