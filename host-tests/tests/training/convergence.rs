//! How fast the excess error of stochastic gradient descent falls with a Robbins-Monro schedule (*Deep Learning*, section
//! 8.3.1): as 1/√k on a convex problem, as 1/k on a strongly convex one.

use crate::support::{log_log_slope, rng, uniform};
use kilograd::optim::schedule::LEARNING_RATE_LIMIT;
use kilograd::prelude::*;

const RUNS: u64 = 200;
/// Steps at which the excess error is looked at.
const MARKS: [usize; 7] = [100, 200, 400, 800, 1_600, 3_200, 6_400];

/// `η = initial / (1 + step/delay)^exponent`. For exponents above ½ and up to 1 the rates add up to infinity and their squares do
/// not (Robbins and Monro, 1951).
#[derive(Clone, Copy)]
struct Power {
    initial: f32,
    delay: f32,
    exponent: f32,
}

impl Schedule for Power {
    fn learning_rate(&self, step: u32) -> f32 {
        self.initial / libm::powf(1.0 + step as f32 / self.delay, self.exponent)
    }

    fn check(&self) -> Result<(), Error> {
        if (0.0..LEARNING_RATE_LIMIT).contains(&self.initial) { Ok(()) } else { Err(Error::LearningRate(self.initial)) }
    }
}

/// The expectation of `|y| + t·y` over targets t of mean 0 is `|y|`: convex, with no curvature at all where it is smooth.
struct Absolute;

impl Loss<Vector<1>> for Absolute {
    type Target = f32;

    fn evaluate_row(&self, output: &[f32], target: &f32, delta: &mut [f32]) -> Result<f32, Error> {
        let y = output[0];
        delta[0] = y.signum() + target;
        Ok(y.abs() + target * y)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// The slope of the mean excess error over the steps.
fn slope(mut run: impl FnMut(u64, &mut dyn FnMut(usize, f64))) -> f64 {
    let mut excess = MARKS.map(|mark| (mark as f64, 0.0));
    for seed in 0..RUNS {
        run(seed, &mut |step, value| {
            if let Some(place) = MARKS.iter().position(|mark| *mark == step) {
                excess[place].1 += value / RUNS as f64;
            }
        });
    }
    println!("excess error after {MARKS:?} steps: {:.5?}", excess.map(|(_, excess)| excess));
    log_log_slope(&excess)
}

#[test]
fn on_a_convex_problem_as_one_over_the_root_of_the_steps() {
    let slope = slope(|seed, see| {
        let (rng, mut memory) = (&mut rng(seed), Memory::<network![1 => 1], Sgd>::ZERO);
        memory.network.bias.fill(1.0);
        let schedule = Power { initial: 0.2, delay: 10.0, exponent: 0.51 };
        let mut trainer = Trainer::new(&mut memory, Absolute, Sgd, schedule).unwrap();
        for step in 1..=6_400 {
            trainer.step(&Vector::ZERO, &(2.0 * uniform(rng))).unwrap();
            see(step, f64::from(trainer.network().bias.norm()));
        }
    });
    println!("convex: slope {slope:.3}");
    assert!((slope + 0.5).abs() < 0.06);
}

#[test]
fn on_a_strongly_convex_problem_as_one_over_the_steps() {
    let truth = Vector::new([0.5, -1.0, 0.25]);
    let slope = slope(|seed, see| {
        let (rng, mut memory) = (&mut rng(seed), Memory::<network![3 => 1], Sgd>::ZERO);
        // The loss's second derivatives are 2/3 for the weights, 2 for the bias: rates of 3/k in the end.
        let schedule = Power { initial: 0.3, delay: 10.0, exponent: 1.0 };
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, schedule).unwrap();
        for step in 1..=6_400 {
            let input = Vector::from_fn(|_| uniform(rng));
            let target = input.dot(&truth) + uniform(rng);
            trainer.step(&input, &Vector::new([target])).unwrap();
            let network = trainer.network();
            let weights = network.weights.as_slice().iter().zip(truth.as_slice());
            let squares: f32 = weights.map(|(w, t)| (w - t) * (w - t)).sum();
            see(step, f64::from(squares / 3.0 + network.bias.norm() * network.bias.norm()));
        }
    });
    println!("strongly convex: slope {slope:.3}");
    assert!((slope + 1.0).abs() < 0.06);
}
