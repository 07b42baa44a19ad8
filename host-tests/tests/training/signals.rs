//! What flows between the layers, and what monitors make of it.

use crate::support::{mean, rng, uniform};
use kilograd::prelude::*;
use kilograd::train::FadingMean;
use kilograd::train::monitor::{DeadUnits, Spread};
use kilograd_host_tests::numeric::{self, wide};

type Net = network![3 => 5 => Relu => 4 => Tanh => 2];

/// The places: behind Relu and Tanh, which work in place, and 4 => 2.
const WIDTHS: [usize; 3] = [5, 4, 2];

#[test]
fn every_place_is_shown_in_order_after_either_kind_of_step() {
    let (mut fused, mut accumulated) = (Memory::<Net, Sgd>::ZERO, Memory::<Net, Sgd, Accumulated>::ZERO);
    fused.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng(1));
    accumulated.network.copy_from(&fused.network);
    let (input, target) = (Vector::new([0.5, -1.0, 2.0]), Vector::new([1.0, -1.0]));
    let network = fused.network.clone();

    let mut trainer = Trainer::new(&mut fused, MeanSquaredError, Sgd, 0.1).unwrap();
    trainer.step(&input, &target).unwrap();
    let mut shown = Vec::new();
    trainer.visit_signals(&mut |place, values, gradients| shown.push((place, wide(values), wide(gradients))));
    let mut trainer = Trainer::new(&mut accumulated, MeanSquaredError, Sgd, 0.1).unwrap();
    trainer.accumulate(&input, &target).unwrap();
    let mut again = Vec::new();
    trainer.visit_signals(&mut |place, values, gradients| again.push((place, wide(values), wide(gradients))));
    assert_eq!(shown, again);

    // The values, layer by layer.
    let dense = |w: &[f32], b: &[f32], x: &[f64]| numeric::dense(&wide(w), &wide(b), x);
    let layers = (&network.first.layer, &network.second.first.layer, &network.second.second);
    let a = dense(layers.0.weights.as_slice(), layers.0.bias.as_slice(), &wide(input.as_slice()));
    let b: Vec<f64> = a.iter().copied().map(numeric::relu).collect();
    let c = dense(layers.1.weights.as_slice(), layers.1.bias.as_slice(), &b);
    let d: Vec<f64> = c.iter().copied().map(f64::tanh).collect();
    let e = dense(layers.2.weights.as_slice(), layers.2.bias.as_slice(), &d);
    let near = |got: &[f64], want: &[f64]| got.len() == want.len() && got.iter().zip(want).all(|(g, w)| (g - w).abs() < 1e-5);
    for (place, want) in [b, d, e.clone()].iter().enumerate() {
        assert_eq!((shown[place].0, want.len()), (place, WIDTHS[place]));
        assert!(near(&shown[place].1, want), "place {place}: {:?}, not {want:?}", shown[place].1);
    }
    // The gradients with respect to the output, and to what stood before Tanh at the place before it.
    let loss_gradient: Vec<f64> = e.iter().zip([1.0, -1.0]).map(|(y, t)| y - t).collect();
    assert!(near(&shown[2].2, &loss_gradient));
    let from_c = |c: &[f64]| {
        let d: Vec<f64> = c.iter().copied().map(f64::tanh).collect();
        numeric::mean_squared_error(&dense(layers.2.weights.as_slice(), layers.2.bias.as_slice(), &d), &[1.0, -1.0])
    };
    assert!(near(&shown[1].2, &numeric::gradient(from_c, &c, 1e-5)));
}

#[test]
fn a_spread_is_that_of_double_precision() {
    // (offset, largest error of the deviation): with an offset of 1000 a value has a tenth of the digits of its difference.
    for (offset, tolerance) in [(0.0, 1e-6), (1000.0, 2e-5)] {
        let rng = &mut rng(2);
        let samples: Vec<[f32; 7]> = (0..500).map(|_| std::array::from_fn(|_| offset + uniform(rng))).collect();
        let mut spread = Spread::DEFAULT;
        samples.iter().for_each(|sample| spread.observe(sample));
        spread.observe(&[]);
        let all = wide(samples.as_flattened());
        let want = (mean(&all.iter().map(|x| (x - mean(&all)).powi(2)).collect::<Vec<_>>())).sqrt();
        assert!((f64::from(spread.mean()) - mean(&all)).abs() < f64::from(1e-6 * (1.0 + offset)), "{}", spread.mean());
        let off = (f64::from(spread.deviation()) / want - 1.0).abs();
        println!("offset {offset}: the deviation is off by {off:.1e}");
        assert!(off < tolerance);
    }
    assert_eq!((Spread::DEFAULT.mean(), Spread::DEFAULT.deviation()), (0.0, 0.0));
    let mut spoilt = Spread::DEFAULT;
    spoilt.observe(&[f32::NAN]);
    assert!(spoilt.deviation().is_nan());
}

#[test]
fn a_large_step_kills_units_and_the_monitor_says_so() {
    type Net = network![3 => 16 => Relu => 1];
    let mut dead = [0; 2];
    for (dead, rate) in dead.iter_mut().zip([0.01, 2.0]) {
        let mut memory = Memory::<Net, Sgd>::ZERO;
        memory.network.initialize(&HeUniform, Bias::Zero, &mut rng(4));
        let (rng, mut window) = (&mut rng(5), DeadUnits::<16>::DEFAULT);
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, rate).unwrap();
        for step in 0..400 {
            let input = Vector::from_fn(|_| uniform(rng));
            // What overflows is refused, and the units stay as dead as they are.
            let _ = trainer.step(&input, &Vector::new([3.0 * uniform(rng)]));
            if step == 200 {
                window = DeadUnits::DEFAULT;
            }
            trainer.visit_signals(&mut |place, values, _| {
                if place == 0 {
                    window.observe(values);
                }
            });
        }
        *dead = window.count();
        assert_eq!(window.share(), window.count() as f32 / 16.0);
    }
    println!("dead units of 16: {dead:?} at rates of 0.01 and 2");
    assert!(dead[0] == 0 && dead[1] > 4);
    let mut few = DeadUnits::<2>::DEFAULT;
    few.observe(&[f32::NAN, 1.0, 1.0]);
    few.observe(&[]);
    assert_eq!((few.count(), DeadUnits::<0>::DEFAULT.share()), (1, 0.0));
}

#[test]
fn a_fading_mean_is_the_quotient_of_its_sums() {
    for fading in [0.0, 0.9, 0.999, 1.0] {
        let (rng, mut fading_mean) = (&mut rng(1), FadingMean::DEFAULT);
        let (mut sum, mut weight) = (0.0, 0.0);
        for _ in 0..5_000 {
            let value = 1.0 + uniform(rng);
            (sum, weight) = (f64::from(value) + f64::from(fading) * sum, 1.0 + f64::from(fading) * weight);
            let got = fading_mean.observe(value, fading).unwrap();
            // Each rounding of ε is forgotten as the values are; a plain mean's add up as √t does at worst.
            assert!((f64::from(got) - sum / weight).abs() < 1e-5, "{got}, not {}", sum / weight);
        }
    }
}

#[test]
fn a_fading_mean_refuses_what_would_spoil_it() {
    let mut fading_mean = FadingMean::DEFAULT;
    assert_eq!(fading_mean.mean(), None);
    fading_mean.observe(3e38, 1.0).unwrap();
    let before = fading_mean;
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(fading_mean.observe(value, 1.0), Err(Error::LossNotFinite));
    }
    for fading in [-0.1, 1.1, f32::INFINITY] {
        let refused = Err(Error::Setting(kilograd::Setting::FadingFactor, fading));
        assert_eq!(fading_mean.observe(1.0, fading), refused);
    }
    assert!(fading_mean.observe(1.0, f32::NAN).is_err());
    assert_eq!(fading_mean, before);
    // The difference of the two is infinite, their mean is not.
    assert!(fading_mean.observe(-3e38, 1.0).unwrap().abs() < 1e32);
}
