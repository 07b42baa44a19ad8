//! A whole network with its loss, as a trainer runs it, against the same network in f64.

use crate::check::draw;
use kilograd::optim::Sgd;
use kilograd::prelude::*;
use kilograd_host_tests::numeric::{cross_entropy, dense, gelu_tanh, gradient, sigmoid, wide};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![4 => 6 => GeluTanh => 5 => Sigmoid => 3];

/// Largest error of an element of the gradient, relative to one plus its magnitude. Elements are sums of up to 6 products of
/// up to 5 factors, each good to some ULPs. Measured: 1.1·10⁻⁷.
const TOLERANCE: f64 = 1e-6;

/// The step of differences in f64: near ∛ε, where they are off by about 10⁻¹⁰.
const STEP: f64 = 1e-5;

/// The network in f64; `parameters` in the order of `Parameters::visit`.
fn forward(parameters: &[f64], x: &[f64]) -> Vec<f64> {
    let mut rest = parameters;
    let mut layer = |x: Vec<f64>, outputs: usize| {
        let (weights, after) = rest.split_at(x.len() * outputs);
        let (bias, after) = after.split_at(outputs);
        rest = after;
        dense(weights, bias, &x)
    };
    let hidden = layer(x.to_vec(), 6).into_iter().map(gelu_tanh).collect();
    let hidden = layer(hidden, 5).into_iter().map(sigmoid).collect();
    layer(hidden, 3)
}

fn flat(parameters: &impl Parameters) -> Vec<f64> {
    let mut flat = Vec::new();
    parameters.visit(&mut |group| flat.extend(wide(group)));
    flat
}

#[test]
fn a_batch_sums_the_gradients_of_its_samples() {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(3);
    let mut memory = Box::new(Memory::<Net, Sgd, Accumulated>::ZERO);
    memory.network = draw(rng);
    let at = flat(&memory.network);
    let batch: [(Vector<4>, usize); 3] = [(draw(rng), 0), (draw(rng), 2), (draw(rng), 1)];
    let loss = |parameters: &[f64]| -> f64 {
        batch.iter().map(|(x, label)| cross_entropy(&forward(parameters, &wide(x.as_slice())), *label, 0.1)).sum()
    };

    let mut trainer = Trainer::new(&mut memory, CrossEntropy { label_smoothing: 0.1 }, Sgd, 0.1).expect("settings are valid");
    let mut got = 0.0;
    for (input, label) in &batch {
        got += f64::from(trainer.accumulate(input, label).expect("samples are valid"));
    }
    assert!((got - loss(&at)).abs() < TOLERANCE * (1.0 + got));
    let numeric = gradient(loss, &at, STEP);
    assert_eq!(numeric.len(), Net::COUNT);
    for (i, (got, want)) in flat(trainer.gradient()).iter().zip(&numeric).enumerate() {
        assert!((got - want).abs() <= TOLERANCE * (1.0 + want.abs()), "parameter {i}: {got}, not {want}");
    }
}
