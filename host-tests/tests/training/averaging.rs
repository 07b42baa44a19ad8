//! Averages of networks: against `f64`, and on a convex problem.

use crate::support::{rng, uniform};
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Averaging, DebiasedExponential, Exponential, Polyak, StochasticWeights};
use kilograd::train::fingerprint;
use kilograd_host_tests::numeric::wide;
use kilograd_tasks::digits::{self, Digits};
use std::sync::Mutex;
use std::thread;

type Line = network![4 => 1];

const TRUE_WEIGHTS: [f32; 4] = [0.5, -1.0, 0.25, 2.0];
const STEPS: usize = 4_000;

/// A point of a line with noise on it.
fn sample(rng: &mut impl rand_xoshiro::rand_core::Rng) -> (Vector<4>, Vector<1>) {
    let x = Vector::from_fn(|_| uniform(rng));
    let y = x.dot(&Vector::new(TRUE_WEIGHTS)) + 2.0 * uniform(rng);
    (x, Vector::new([y]))
}

/// What the loss of `line` is above the least that there is: inputs are independent, of mean 0 and variance 1/3.
fn excess(line: &Line) -> f64 {
    let (weights, bias) = (wide(line.weights.as_slice()), f64::from(line.bias.as_slice()[0]));
    weights.iter().zip(TRUE_WEIGHTS).map(|(w, t)| (w - f64::from(t)).powi(2) / 3.0).sum::<f64>() + bias * bias
}

#[test]
fn on_a_convex_problem_averages_beat_the_last_network() {
    let mut excesses = [0.0; 5];
    for seed in 0..20 {
        let (rng, mut memory) = (&mut rng(seed), Memory::<Line, Sgd>::ZERO);
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
        let [mut polyak, mut late, mut exponential, mut debiased] = [const { Average::<Line>::ZERO }; 4];
        for _ in 0..STEPS {
            let (input, target) = sample(rng);
            trainer.step(&input, &target).unwrap();
            polyak.observe(&Polyak, trainer.network()).unwrap();
            late.observe(&StochasticWeights { start: 1_000, every: 10 }, trainer.network()).unwrap();
            exponential.observe(&Exponential { decay: 0.99 }, trainer.network()).unwrap();
            debiased.observe(&DebiasedExponential { decay: 0.99 }, trainer.network()).unwrap();
        }
        excesses[0] += excess(trainer.network()) / 20.0;
        for (total, average) in excesses[1..].iter_mut().zip([&polyak, &late, &exponential, &debiased]) {
            *total += excess(average.network().unwrap()) / 20.0;
        }
    }
    let [last, polyak, late, exponential, debiased] = excesses;
    println!(
        "excess loss: last {last:.5}, Polyak {polyak:.5}, SWA {late:.5}, exponential {exponential:.5}, debiased {debiased:.5}"
    );
    assert!(polyak < last / 20.0 && late < last / 20.0 && exponential < last / 3.0 && debiased < last / 3.0);
}

#[test]
fn an_exponential_average_classifies_better_than_the_network_it_follows() {
    let (mut last, mut averaged) = (0.0, 0.0);
    for seed in 0..5 {
        let mut memory = Box::new(Memory::<digits::Net, Sgd>::ZERO);
        let rng = &mut digits::initialize(&mut memory.network, seed);
        let (mut average, mut input) = (Box::new(Average::<digits::Net>::ZERO), Vector::ZERO);
        let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.05).unwrap();
        for index in Shuffle::new(digits::TRAINING, rng).chain(Shuffle::new(digits::TRAINING, rng)) {
            let label = Digits::training().load(index, &mut input).unwrap();
            trainer.step(&input, &label).unwrap();
            average.observe(&Exponential { decay: 0.995 }, trainer.network()).unwrap();
        }
        let held_out =
            |trainer: &mut Trainer<'_, _, _, _, _>| trainer.evaluate_all(&Digits::test(), 0..357, |_, _| Ok(())).unwrap();
        let before = fingerprint(trainer.network());
        last += held_out(&mut trainer) / 5.0;
        average.swap(trainer.network_mut());
        averaged += held_out(&mut trainer) / 5.0;
        average.swap(trainer.network_mut());
        assert_eq!(fingerprint(trainer.network()), before);
    }
    println!("digits after two epochs, held-out loss: last {last:.4}, exponential average {averaged:.4}");
    assert!(averaged < 0.8 * last);
}

/// The average of `path` under `rule`.
fn average(rule: &impl Averaging, path: &[[f32; 3]]) -> Average<Vector<3>> {
    let mut average = Average::ZERO;
    path.iter().for_each(|x| average.observe(rule, &Vector::new(*x)).unwrap());
    average
}

#[test]
fn a_long_average_stays_near_that_of_double_precision() {
    let rng = &mut rng(3);
    let path: Vec<[f32; 3]> = (0..20_000).map(|_| [uniform(rng), 100.0 + uniform(rng), 1e-3 * uniform(rng)]).collect();
    let mean = |newest: &[[f32; 3]], decay: f64| -> [f64; 3] {
        let weights = |age: usize| decay.powi(age as i32);
        let total: f64 = (0..newest.len()).map(weights).sum();
        std::array::from_fn(|j| {
            newest.iter().rev().enumerate().map(|(age, x)| weights(age) * f64::from(x[j])).sum::<f64>() / total
        })
    };
    let every_tenth: Vec<[f32; 3]> = path.iter().skip(99).step_by(10).copied().collect();
    let cases = [
        ("Polyak", average(&Polyak, &path), mean(&path, 1.0)),
        ("SWA", average(&StochasticWeights { start: 100, every: 10 }, &path), mean(&every_tenth, 1.0)),
        ("debiased", average(&DebiasedExponential { decay: 0.9375 }, &path[..30]), mean(&path[..30], 0.9375)),
        // After 20,000 steps nothing is left of the start, and both forms are the same.
        ("exponential", average(&Exponential { decay: 0.9375 }, &path), mean(&path, 0.9375)),
    ];
    for (name, average, want) in cases {
        for ((got, want), size) in average.network().unwrap().as_array().iter().zip(want).zip([1.0, 100.0, 1e-3]) {
            // Each step rounds to ε/2 of the size and is forgotten or averaged with the others.
            assert!((f64::from(*got) - want).abs() < 16.0 * f64::from(f32::EPSILON) * size, "{name}: {got}, not {want}");
        }
    }
}

#[test]
fn nothing_large_goes_over_the_stack() {
    type Large = Vector<1_000_000>;
    static MEMORY: Mutex<(Average<Large>, Large)> = Mutex::new((Average::ZERO, Large::ZERO));
    let run = || {
        let (average, network) = &mut *MEMORY.lock().unwrap();
        for value in [1.0, 2.0] {
            network.fill(value);
            average.observe(&Polyak, network).unwrap();
        }
        average.swap(network);
        assert!(network.as_slice().iter().all(|x| *x == 1.5));
    };
    // Four megabytes each, on a stack of 64 KB.
    let thread = thread::Builder::new().stack_size(64 * 1024).spawn(run).unwrap();
    assert!(thread.join().is_ok());
}

#[test]
fn nothing_observed_is_no_average() {
    let (mut average, mut network) = (Average::<Vector<1>>::ZERO, Vector::new([1.0]));
    average.observe(&StochasticWeights { start: 3, every: 1 }, &Vector::new([7.0])).unwrap();
    average.swap(&mut network);
    assert_eq!((average.network(), &network), (None, &Vector::new([1.0])));
}
