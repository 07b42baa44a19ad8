//! Two trainings of which one meets a sample that must be refused.

use kilograd::Error;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::{Mode, fingerprint};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// The network that is trained.
pub type Net = network![2 => 4 => Relu => 3];

/// A constant learning rate.
pub const RATE: f32 = 0.05;

/// Inputs and targets for a loss `L`.
pub type Samples<L> = [(Vector<2>, <L as Loss<Vector<3>>>::Target)];

/// Four samples for losses that take labels.
pub const LABELLED: [(Vector<2>, usize); 4] = [
    (Vector::new([0.5, -1.0]), 0),
    (Vector::new([1.0, 0.25]), 1),
    (Vector::new([-0.5, 0.75]), 2),
    (Vector::new([0.125, 1.5]), 1),
];

/// Four samples for losses that take vectors.
pub const MEASURED: [(Vector<2>, Vector<3>); 4] = [
    (Vector::new([0.5, -1.0]), Vector::new([0.0, 1.0, 0.5])),
    (Vector::new([1.0, 0.25]), Vector::new([1.0, 0.0, 0.0])),
    (Vector::new([-0.5, 0.75]), Vector::new([0.25, 1.0, 1.0])),
    (Vector::new([0.125, 1.5]), Vector::new([0.0, 0.0, 1.0])),
];

/// An initialised network and nothing learned yet.
pub fn memory<R: Rule, M: Mode>() -> Box<Memory<Net, R, M>> {
    let mut memory = Box::new(Memory::<Net, R, M>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Constant(0.1), &mut Xoshiro128PlusPlus::seed_from_u64(5));
    memory
}

/// Checks that every rule refuses `bad` with `want`, whichever way it takes its steps, and is none the worse for it.
pub fn refused<L: Loss<Vector<3>> + Clone>(loss: &L, good: &Samples<L>, bad: &Samples<L>, want: Error) {
    for bad in bad.chunks(1) {
        both_ways(loss, Sgd, good, bad, want);
        both_ways(loss, Momentum::DEFAULT, good, bad, want);
        both_ways(loss, Momentum::NESTEROV, good, bad, want);
        both_ways(loss, Adam::DEFAULT, good, bad, want);
        both_ways(loss, AdamW::new(0.01), good, bad, want);
        both_ways(loss, Then(ClipValue { bound: 0.5 }, Momentum::DEFAULT), good, bad, want);
        accumulated(loss, Then(ClipNorm::new(0.5), Adam::DEFAULT), good, bad, want);
    }
}

fn both_ways<L, R>(loss: &L, rule: R, good: &Samples<L>, bad: &Samples<L>, want: Error)
where
    L: Loss<Vector<3>> + Clone,
    R: Elementwise + Copy,
{
    fused(loss, rule, good, bad, want);
    accumulated(loss, rule, good, bad, want);
}

fn fused<L, R>(loss: &L, rule: R, good: &Samples<L>, bad: &Samples<L>, want: Error)
where
    L: Loss<Vector<3>> + Clone,
    R: Elementwise + Copy,
{
    let (mut memory, mut twin) = (memory::<R, Fused>(), memory::<R, Fused>());
    let mut trainer = Trainer::new(&mut memory, loss.clone(), rule, RATE).expect("settings are valid");
    let mut twin = Trainer::new(&mut twin, loss.clone(), rule, RATE).expect("settings are valid");
    for (input, target) in good {
        let before = (fingerprint(trainer.network()), trainer.steps());
        for (input, target) in bad {
            assert_eq!(trainer.step(input, target), Err(want));
        }
        assert_eq!((fingerprint(trainer.network()), trainer.steps()), before);
        assert_eq!(trainer.step(input, target), twin.step(input, target));
        assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
    }
    assert_eq!((trainer.steps(), twin.steps()), (4, 4));
}

/// The bad sample comes alone into a batch that goes on, and inside a batch that is then forgotten.
fn accumulated<L, R>(loss: &L, rule: R, good: &Samples<L>, bad: &Samples<L>, want: Error)
where
    L: Loss<Vector<3>> + Clone,
    R: Rule + Copy,
{
    let (mut memory, mut twin) = (memory::<R, Accumulated>(), memory::<R, Accumulated>());
    let mut trainer = Trainer::new(&mut memory, loss.clone(), rule, RATE).expect("settings are valid");
    let mut twin = Trainer::new(&mut twin, loss.clone(), rule, RATE).expect("settings are valid");
    let pairs = |samples| -> Vec<_> { Samples::<L>::iter(samples).map(|(input, target)| (input, target)).collect() };
    for (input, target) in good {
        assert_eq!(trainer.accumulate(input, target), twin.accumulate(input, target));
        let before = (fingerprint(trainer.network()), fingerprint(trainer.gradient()), trainer.steps());
        for (input, target) in bad {
            assert_eq!(trainer.accumulate(input, target), Err(want));
        }
        assert_eq!((fingerprint(trainer.network()), fingerprint(trainer.gradient()), trainer.steps()), before);
        assert_eq!(trainer.apply(), twin.apply());

        let before = (fingerprint(trainer.network()), trainer.steps());
        assert_eq!(trainer.step(pairs(good).into_iter().chain(pairs(bad))), Err(want));
        assert_eq!((fingerprint(trainer.network()), trainer.steps()), before);
        assert_eq!(trainer.apply(), Err(Error::EmptyBatch), "the batch is forgotten");
        assert_eq!(trainer.step(pairs(good)), twin.step(pairs(good)));
        assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
    }
    assert_eq!((trainer.steps(), twin.steps()), (8, 8));
}
