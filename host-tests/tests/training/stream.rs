//! Samples that come once: online learning, and the error that is measured on the way.

use crate::support::{rng, uniform};
use kilograd::prelude::*;
use kilograd::train::{FadingMean, fingerprint, zero_one_loss};
use kilograd_tasks::digits::{self, Digits};

type Regression = network![5 => 16 => Tanh => 1];

/// A sensor that nobody can ask twice: Friedman's function of five inputs, scaled, with noise.
fn sensor(seed: u64) -> impl Iterator<Item = (Vector<5>, Vector<1>)> {
    let mut rng = rng(seed);
    std::iter::from_fn(move || {
        let x = Vector::<5>::from_fn(|_| uniform(&mut rng));
        let u = x.as_array().map(|x| f64::from(x + 1.0) / 2.0);
        let y = 10.0 * (std::f64::consts::PI * u[0] * u[1]).sin() + 20.0 * (u[2] - 0.5).powi(2) + 10.0 * u[3] + 5.0 * u[4];
        Some((x, Vector::new([(y - 14.4) as f32 / 5.0 + 0.2 * uniform(&mut rng)])))
    })
}

fn memory<R: Rule>() -> Memory<Regression, R> {
    let mut memory = Memory::ZERO;
    Regression::initialize(&mut memory.network, &GlorotUniform, Bias::Zero, &mut rng(1));
    memory
}

#[test]
fn a_replay_on_the_host_goes_through_the_same_networks() {
    let (mut live, mut replayed) = (memory::<Momentum>(), memory::<Momentum>());
    let (rule, rate) = (Momentum { momentum: 0.5, ..Momentum::DEFAULT }, 0.02);
    let mut trainer = Trainer::new(&mut live, MeanSquaredError, rule, rate).unwrap();
    let mut error = FadingMean::DEFAULT;
    let mut recorded = Vec::new();
    let mut path = Vec::new();
    for (input, target) in sensor(1).take(3_000) {
        let loss = trainer.step(&input, &target).unwrap();
        path.push((fingerprint(trainer.network()), error.observe(loss, 0.99).unwrap().to_bits()));
        recorded.push((input, target));
    }
    let early = f32::from_bits(path[50].1);
    println!("prequential error after 50 samples {early:.3}, after 3,000 {:.3}", error.mean().unwrap());
    assert!(error.mean().unwrap() < early / 2.0);

    let mut trainer = Trainer::new(&mut replayed, MeanSquaredError, rule, rate).unwrap();
    let mut error = FadingMean::DEFAULT;
    for (index, want) in path.iter().enumerate() {
        let loss = trainer.epoch(&recorded[..], [index]).unwrap();
        assert_eq!((fingerprint(trainer.network()), error.observe(loss, 0.99).unwrap().to_bits()), *want, "sample {index}");
    }
}

/// As long as no sample has come twice, the loss before each step is measured on what the network has not seen.
#[test]
fn the_first_pass_measures_generalisation_and_later_ones_do_not() {
    const POOL: usize = 80;
    const PASSES: usize = 40;
    const SEEDS: u64 = 16;
    let (mut prequential, mut held_out) = ([0.0_f64; PASSES], [0.0_f64; PASSES]);
    for seed in 0..SEEDS {
        let pool: Vec<_> = sensor(100 + seed).take(POOL).collect();
        let fresh: Vec<_> = sensor(200 + seed).take(300).collect();
        let mut memory = memory::<Adam>();
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Adam::DEFAULT, 0.01).unwrap();
        for pass in 0..PASSES {
            let order = Shuffle::new(POOL, &mut rng(pass as u64));
            for (place, index) in order.enumerate() {
                let (input, target) = &pool[index];
                if place >= POOL / 2 && place % 10 == 0 {
                    // What generalisation is, at the networks that the second half of a pass goes through.
                    let loss = trainer.evaluate_all(&fresh[..], 0..fresh.len(), |_, _| Ok(())).unwrap();
                    held_out[pass] += f64::from(loss) / (POOL / 20) as f64 / SEEDS as f64;
                }
                let loss = trainer.step(input, target).unwrap();
                if place >= POOL / 2 {
                    prequential[pass] += f64::from(loss) / (POOL / 2) as f64 / SEEDS as f64;
                }
            }
        }
    }
    for pass in [0, 1, 4, 9, PASSES - 1] {
        println!("pass {}: before the steps {:.4}, held out {:.4}", pass + 1, prequential[pass], held_out[pass]);
    }
    let ratio = |pass: usize| prequential[pass] / held_out[pass];
    // 640 samples of a loss whose deviation is about its mean: a standard error of 4 to 6 %.
    assert!((ratio(0) - 1.0).abs() < 0.15, "{}", ratio(0));
    assert!(ratio(PASSES - 1) < 0.7, "{}", ratio(PASSES - 1));
}

#[test]
fn the_0_1_error_comes_from_the_same_forward_pass() {
    let mut memory = Memory::<digits::Net, Sgd>::ZERO;
    let rng = &mut digits::initialize(&mut memory.network, 1);
    let (data, mut input) = (Digits::training(), Vector::ZERO);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, digits::SGD_RATE).unwrap();
    let (mut surrogate, mut zero_one) = (FadingMean::DEFAULT, FadingMean::DEFAULT);
    for index in Shuffle::new(digits::TRAINING, rng) {
        let label = data.load(index, &mut input).unwrap();
        // What a forward pass of its own would have said before the step.
        let predicted = trainer.predict(&input).clone();
        let loss = trainer.step(&input, &label).unwrap();
        assert_eq!(trainer.output(), &predicted);
        surrogate.observe(loss, 0.995).unwrap();
        zero_one.observe(zero_one_loss(trainer.output(), label), 0.995).unwrap();
    }
    let (surrogate, zero_one) = (surrogate.mean().unwrap(), zero_one.mean().unwrap());
    let held_out = Digits::test();
    let mut wrong = 0.0;
    let see = |label: &usize, output: &Vector<10>| {
        wrong += zero_one_loss(output, *label) / 357.0;
        Ok(())
    };
    let loss = trainer.evaluate_all(&held_out, 0..357, see).unwrap();
    println!("pass 1: surrogate {surrogate:.3} (held out {loss:.3}), 0-1 error {zero_one:.3} (held out {wrong:.3})");
    assert!(wrong < 0.15 && (zero_one - wrong).abs() < 0.06);
    for (output, label, want) in [([0.0, f32::NAN], 0, 1.0), ([0.0, 1.0], 7, 1.0), ([0.0, 1.0], 1, 0.0), ([1.0, 1.0], 1, 1.0)] {
        assert_eq!(zero_one_loss(&Vector::new(output), label), want);
    }
}
