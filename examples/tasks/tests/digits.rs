//! The digits recipes learn.
use kilograd::prelude::*;
use kilograd::train::ConfusionMatrix;
use kilograd_tasks::digits::{self, Digits};

fn accuracy<R: kilograd::optim::Elementwise>(rule: R, rate: f32, seed: u64, epochs: usize) -> f32 {
    let mut memory = Memory::<digits::Net, R>::ZERO;
    let mut rng = digits::initialize(&mut memory.network, seed);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, rate).unwrap();
    for _ in 0..epochs {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, &mut rng)).unwrap();
    }
    let mut confusion = ConfusionMatrix::<10>::new();
    trainer.evaluate_all(&Digits::test(), 0..357, |label, output| confusion.record_output(*label, output)).unwrap();
    confusion.accuracy()
}

/// Over seeds 1 to 3 the three recipes reach 95.7 to 97.5 % in 10 to 30 epochs; 94 % leaves room for no more than chance.
const ENOUGH: f32 = 0.94;

#[test]
fn sgd_learns() {
    assert!(accuracy(Sgd, digits::SGD_RATE, 1, 15) > ENOUGH);
}

#[test]
fn momentum_learns() {
    assert!(accuracy(Momentum::DEFAULT, digits::MOMENTUM_RATE, 1, 15) > ENOUGH);
}

#[test]
fn adam_learns() {
    assert!(accuracy(Adam::DEFAULT, digits::ADAM_RATE, 1, 10) > ENOUGH);
}
