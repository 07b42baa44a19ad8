//! Sections 8.2.4 and 8.2.5: gradients that vanish or explode over depth, by how the layers are initialised.

use crate::functions::rng;
use kilograd::init::{Distribution, Scheme};
use kilograd::layer::{Dense, Relu, Sigmoid, Tanh};
use kilograd::prelude::*;
use rand_xoshiro::Xoshiro128PlusPlus;

const WIDTH: usize = 16;
const DEPTHS: [usize; 6] = [1, 2, 5, 10, 20, 50];
type Signal = Vector<WIDTH>;

/// The norm of the gradient of the first layer's weights in a plain network of `depth` layers, the mean of eight draws; the
/// gradient at the output is of norm 1.
fn first_layer<A>(activation: A, scheme: &impl Scheme, depth: usize) -> f64
where
    A: Layer<Input = Signal, Output = Signal, Tape = ()>,
{
    let draw = |seed| f64::from(one_network(&activation, scheme, depth, &mut rng(seed)));
    (1..=8).map(draw).sum::<f64>() / 8.0
}

fn one_network<A>(activation: &A, scheme: &impl Scheme, depth: usize, source: &mut Xoshiro128PlusPlus) -> f32
where
    A: Layer<Input = Signal, Output = Signal, Tape = ()>,
{
    let mut normal = |deviation| Vector::from_fn(|_| Distribution::Normal { deviation }.sample(source));
    let (input, mut delta) = (normal(1.0), normal(1.0));
    delta.scale(1.0 / delta.norm());
    let mut layers = vec![Dense::<WIDTH, WIDTH>::default(); depth];
    // What enters each layer, and what it says before the activation.
    let (mut inputs, mut sums) = (vec![input], Vec::new());
    for layer in &mut layers {
        layer.initialize(scheme, Bias::Zero, source);
        let (mut sum, mut output) = (Signal::ZERO, Signal::ZERO);
        layer.forward(inputs.last().unwrap(), &mut sum, &mut ());
        activation.forward(&sum, &mut output, &mut ());
        sums.push(sum);
        inputs.push(output);
    }
    for (index, layer) in layers.iter().enumerate().rev() {
        let (mut at_sum, mut at_input) = (Signal::ZERO, Signal::ZERO);
        activation.backward(&sums[index], &inputs[index + 1], &mut (), &mut delta, Some(&mut at_sum)).unwrap();
        if index == 0 {
            let mut gradient = Dense::ZERO;
            layer.accumulate(&inputs[0], &(), &at_sum, &mut gradient);
            return gradient.weights.norm();
        }
        layer.backward(&inputs[index], &sums[index], &mut (), &mut at_sum, Some(&mut at_input)).unwrap();
        delta = at_input;
    }
    unreachable!("a network has a first layer");
}

/// One row: a name, and the norm for each depth.
fn row<A>(name: &str, activation: A, scheme: &impl Scheme) -> [f64; DEPTHS.len()]
where
    A: Layer<Input = Signal, Output = Signal, Tape = ()> + Copy,
{
    let norms = DEPTHS.map(|depth| first_layer(activation, scheme, depth));
    println!("| {name} |{}", norms.map(|norm| format!(" {norm:.1e} |")).concat());
    norms
}

#[test]
fn initialisation_decides_whether_the_gradient_reaches_the_first_layer() {
    println!("| depth |{}\n|---{}|", DEPTHS.map(|depth| format!(" {depth} |")).concat(), "|--:".repeat(DEPTHS.len()));
    let small = row("normal, deviation 0.05, tanh", Tanh, &Distribution::Normal { deviation: 0.05 });
    let sigmoid = row("Glorot uniform, sigmoid", Sigmoid, &GlorotUniform);
    let large = row("normal, deviation 0.7, ReLU", Relu, &Distribution::Normal { deviation: 0.7 });
    let glorot_relu = row("Glorot normal, ReLU", Relu, &GlorotNormal);
    let he = row("He normal, ReLU", Relu, &HeNormal);
    let glorot = row("Glorot uniform, tanh", Tanh, &GlorotUniform);
    // From one layer to fifty.
    let change = |norms: [f64; 6]| norms[5] / norms[0];
    assert!(change(small) < 1e-20, "vanishes: 49 factors of 0.05·√16");
    assert!(change(sigmoid) < 1e-20, "vanishes: a sigmoid's slope is a quarter at most");
    assert!(change(large) > 1e12, "explodes: 49 factors of 0.7·√(16/2)");
    assert!(change(glorot_relu) < 1e-5, "vanishes: half of the variance is lost in each ReLU");
    assert!((1e-3..1e3).contains(&change(he)) && (1e-3..1e3).contains(&change(glorot)), "the cure");
}
