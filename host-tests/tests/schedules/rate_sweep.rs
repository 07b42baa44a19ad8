//! Learning rates tried for a short while, and what is chosen.

use kilograd::optim::schedule::LEARNING_RATE_LIMIT;
use kilograd::prelude::*;
use kilograd::train::{RateSweep, fingerprint};
use kilograd_tasks::digits::{self, Digits, Net};

const STEPS: usize = 300;
const RATES: [f32; 7] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1e17];

/// Trains the digits for `steps` steps from the same start and returns the held-out loss.
fn train(memory: &mut Memory<Net, Momentum>, rate: f32, steps: usize, starts: &mut Vec<u64>) -> Result<f32, Error> {
    let mut rng = digits::initialize(&mut memory.network, 5);
    memory.restart();
    starts.push(fingerprint(&memory.network));
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), Momentum { momentum: 0.5, ..Momentum::DEFAULT }, rate)?;
    trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, &mut rng).take(steps))?;
    trainer.evaluate_all(&Digits::test(), 0..Digits::test().len(), |_, _| Ok(()))
}

#[test]
fn digits_choose_a_rate() {
    let (mut memory, mut starts) = (Memory::ZERO, Vec::new());
    let untrained = train(&mut memory, 0.0, 1, &mut starts).unwrap();
    let sweep = RateSweep::run(RATES, |rate| train(&mut memory, rate, STEPS, &mut starts)).unwrap();
    assert_eq!(starts, [starts[0]; RATES.len() + 1], "each rate starts from the same weights");
    let results: Vec<_> = sweep.results().collect();
    let (best, choice) = (sweep.best().unwrap(), sweep.choice(untrained).unwrap());
    // The loss falls towards the best rate from either side; the next one is still far better than no training.
    let fall = results.iter().take_while(|(rate, _)| *rate <= best).map(|(_, loss)| loss);
    let rise = results.iter().skip_while(|(rate, _)| *rate < best).map(|(_, loss)| loss);
    assert!(fall.is_sorted_by(|a, b| a > b) && rise.is_sorted_by(|a, b| a < b), "{results:?}");
    assert_eq!((best, choice), (0.03, 0.1), "{results:?}, {untrained} at the start");
    assert_eq!(results.last(), Some(&(1e17, f32::INFINITY)));
    let mut backwards = RATES;
    backwards.reverse();
    // Nothing is left from one rate to the next: their order does not matter.
    let again = RateSweep::run(backwards, |rate| train(&mut memory, rate, STEPS, &mut starts)).unwrap();
    assert!(again.results().eq(results.into_iter().rev()));
    assert_eq!((again.best(), again.choice(untrained)), (Some(best), Some(choice)));
}

fn sweep(losses: [Result<f32, Error>; 4]) -> Result<RateSweep<4>, Error> {
    let mut next = losses.into_iter();
    RateSweep::run([0.1, 1.0, 0.3, 3.0], |_| next.next().unwrap())
}

#[test]
fn the_choice_is_the_next_rate_above_the_best() {
    let of = |losses| sweep(losses).map(|sweep| (sweep.best(), sweep.choice(2.0))).unwrap();
    assert_eq!(of([Ok(0.5), Ok(0.9), Ok(0.8), Ok(1.0)]), (Some(0.1), Some(0.3)));
    assert_eq!(of([Ok(0.8), Ok(0.9), Ok(0.5), Ok(1.0)]), (Some(0.3), Some(1.0)));
    // Unstable, broken off, or nothing above it: the best it is.
    assert_eq!(of([Ok(0.8), Ok(2.0), Ok(0.5), Ok(1.0)]), (Some(0.3), Some(0.3)));
    assert_eq!(of([Ok(0.8), Err(Error::LossNotFinite), Ok(0.5), Ok(1.0)]), (Some(0.3), Some(0.3)));
    assert_eq!(of([Ok(0.8), Ok(f32::NAN), Ok(0.5), Ok(1.0)]), (Some(0.3), Some(0.3)));
    assert_eq!(of([Ok(0.8), Ok(0.9), Ok(0.7), Ok(0.6)]), (Some(3.0), Some(3.0)));
    assert_eq!(of([Err(Error::GradientTooLarge); 4]), (None, None));
    assert_eq!(of([Ok(f32::NAN), Ok(f32::NAN), Err(Error::LossNotFinite), Ok(f32::INFINITY)]), (None, None));
}

#[test]
fn what_is_no_instability_ends_the_sweep() {
    assert_eq!(sweep([Ok(1.0), Err(Error::EmptyBatch), Ok(1.0), Ok(1.0)]), Err(Error::EmptyBatch));
    for wrong in [-0.1, f32::INFINITY, 2.0 * LEARNING_RATE_LIMIT] {
        let sweep = RateSweep::run([0.1, wrong], |_| unreachable!("nothing is trained"));
        assert_eq!(sweep, Err(Error::LearningRate(wrong)));
    }
    assert_eq!(RateSweep::run([], |_| Ok(0.0)).unwrap().best(), None);
}

#[test]
fn a_restart_forgets_all_but_the_network() {
    let mut memory = Memory::<Net, Momentum>::ZERO;
    let mut train = |rate| train(&mut memory, rate, 50, &mut Vec::new());
    let first = train(0.01).unwrap();
    train(0.1).unwrap();
    assert_eq!(train(0.01).unwrap().to_bits(), first.to_bits());
    assert_eq!(memory.steps(), 50);
    let network = fingerprint(&memory.network);
    memory.restart();
    assert_eq!((memory.steps(), fingerprint(&memory.network)), (0, network));
}
