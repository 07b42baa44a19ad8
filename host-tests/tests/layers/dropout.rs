//! Dropout: other values while training, the same mask on the way back, passes that count.

use kilograd::Setting;
use kilograd::layer::Dropout;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};

const N: usize = 200;

fn layer(rate: f32, seed: u32) -> Dropout<N> {
    let mut layer = Dropout::new(rate).expect("the rate is valid");
    layer.set_seed(seed);
    layer
}

/// The output of the next training pass for ones.
fn train(layer: &Dropout<N>, tape: &mut <Dropout<N> as Layer>::Tape) -> Vector<N> {
    let mut y = Vector::ZERO;
    layer.forward_training(&Vector::from_fn(|_| 1.0), &mut y, tape);
    y
}

#[test]
fn a_mask_is_what_the_generator_says() {
    // Of 24 bits, from a seed made of the layer's and the pass's number: nothing that differs between targets.
    let mut rng = SplitMix64::seed_from_u64((7 << 32) + 3);
    for kept in layer(0.25, 7).kept(3).take(1000) {
        assert_eq!(kept, rng.next_u32() >> 8 >= 1 << 22);
    }
}

#[test]
fn backward_draws_the_mask_of_forward() {
    let (layer, mut tape) = (layer(0.3, 1), Zero::ZERO);
    let mut last = Vector::ZERO;
    for _ in 0..20 {
        let (y, mut dx) = (train(&layer, &mut tape), Vector::ZERO);
        layer.backward(&Vector::ZERO, &y, &mut tape, &mut Vector::from_fn(|_| 1.0), Some(&mut dx)).unwrap();
        assert_eq!(y, dx);
        assert!(y.as_array().iter().all(|y| *y == 0.0 || *y == 1.0 / (1.0 - 0.3)));
        assert_ne!(y, last, "every pass has a mask of its own");
        last = y;
    }
}

#[test]
fn layers_of_different_seeds_drop_different_places() {
    let [one, two] = [1, 2].map(|seed| {
        let mut tape = Zero::ZERO;
        train(&layer(0.5, seed), &mut tape)
    });
    assert_ne!(one, two);
    type Net = network![4 => Dropout => 4 => Dropout => 2];
    let mut net = Net::ZERO;
    net.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let (first, second) = (net.first, net.second.second.first);
    assert!(!first.kept(1).take(64).eq(second.kept(1).take(64)));
}

#[test]
fn the_expectation_stays() {
    for rate in [0.1, 0.5, 0.9] {
        let (layer, mut tape) = (layer(rate, 5), Zero::ZERO);
        let passes = 200;
        let mean = (0..passes).map(|_| f64::from(train(&layer, &mut tape).sum())).sum::<f64>() / f64::from(passes * N as u32);
        // The deviation of one value is √(p/(1 − p)); five of the mean's.
        let allowed = 5.0 * f64::from(rate / (1.0 - rate) / (passes as f32 * N as f32)).sqrt();
        assert!((mean - 1.0).abs() < allowed, "{rate}: {mean}, {allowed}");
    }
}

#[test]
fn a_rate_of_zero_drops_nothing() {
    let (layer, mut tape) = (layer(0.0, 5), Zero::ZERO);
    assert_eq!(train(&layer, &mut tape), Vector::from_fn(|_| 1.0));
}

#[test]
fn inference_passes_on_what_it_is_given_and_so_does_its_gradient() {
    let (layer, mut tape) = (layer(0.5, 5), Zero::ZERO);
    train(&layer, &mut tape);
    let x = Vector::from_fn(|i| i as f32);
    let (mut y, mut dx) = (Vector::ZERO, Vector::ZERO);
    layer.forward(&x, &mut y, &mut tape);
    layer.backward(&x, &y, &mut tape, &mut x.clone(), Some(&mut dx)).unwrap();
    assert_eq!((&y, &dx), (&x, &x));
}

type Net = network![3 => 16 => Relu => Dropout => 2];

/// Trains; between steps the network may be asked, which must not matter.
fn trained(asked: bool) -> (u64, Vector<2>) {
    let mut memory = Box::new(Memory::<Net, Adam>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(3));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
    let x = Vector::new([0.5, -1.0, 2.0]);
    for step in 0..50 {
        trainer.step(&x, &(step % 2)).unwrap();
        if asked {
            let said = trainer.predict(&x).clone();
            assert_eq!(*trainer.predict(&x), said);
            trainer.evaluate(&x, &0).unwrap();
        }
    }
    (fingerprint(trainer.network()), trainer.predict(&x).clone())
}

#[test]
fn only_training_passes_count() {
    assert_eq!(trained(false), trained(true));
}

#[test]
fn rates_out_of_range_are_refused() {
    let mut layer = layer(0.25, 1);
    for rate in [-0.1, 1.0, 1.5, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for result in [Dropout::<3>::new(rate).map(|_| ()), layer.set_rate(rate)] {
            assert!(matches!(result, Err(Error::Setting(Setting::DropoutRate, got)) if got.to_bits() == rate.to_bits()));
        }
    }
    assert_eq!((layer.rate(), Dropout::<3>::ZERO.rate()), (0.25, 0.5));
}

#[test]
fn what_is_not_finite_is_not_dropped() {
    let (layer, mut tape) = (layer(0.9, 1), Zero::ZERO);
    let mut y = Vector::ZERO;
    layer.forward_training(&Vector::from_fn(|_| f32::INFINITY), &mut y, &mut tape);
    assert!(y.as_array().iter().all(|y| !y.is_finite()));
}
