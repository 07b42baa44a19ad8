//! The mean of the answers, in one order.

use kilograd::Error;
use kilograd::tensor::Vector;
use kilograd::train::fingerprint;
use kilograd::train::parallel::{Codec, Float, Int8, Round, Sign};
use proptest::prelude::*;

use crate::codecs::{decode, encode};

const WORKERS: usize = 5;
const COUNT: usize = 70;

/// Every worker's delta, and in what order they arrive.
fn answers() -> impl Strategy<Value = (Vec<Vec<f32>>, Vec<usize>)> {
    let deltas = prop::collection::vec(prop::collection::vec(-1e3..1e3_f32, COUNT), WORKERS);
    (deltas, Just((0..WORKERS).collect::<Vec<_>>()).prop_shuffle())
}

fn average(codec: impl Codec + Copy, messages: &[Vec<u8>], arrival: &[usize]) -> Vector<COUNT> {
    let mut network = Vector::new([0.5; COUNT]);
    let mut round = Round::<_, _, WORKERS>::new(&mut network, codec);
    for worker in arrival {
        round.accept(*worker, samples(*worker), &messages[*worker]).unwrap();
    }
    assert_eq!(round.answered(), arrival.len());
    assert_eq!(round.finish(), Ok(arrival.len()));
    network
}

fn samples(worker: usize) -> u32 {
    10 + 7 * worker as u32
}

fn check(codec: impl Codec + Copy, deltas: &[Vec<f32>], arrival: &[usize]) -> Result<(), TestCaseError> {
    let messages: Vec<Vec<u8>> = deltas.iter().map(|delta| encode(&codec, &mut delta.clone())).collect();
    let in_order: Vec<usize> = (0..WORKERS).collect();
    let average_in_order = average(codec, &messages, &in_order);
    prop_assert_eq!(fingerprint(&average(codec, &messages, arrival)), fingerprint(&average_in_order));

    let said: Vec<Vec<f32>> = messages.iter().map(|message| decode(&codec, message, COUNT)).collect();
    let all: u32 = in_order.iter().map(|worker| samples(*worker)).sum();
    for (i, weight) in average_in_order.as_array().iter().enumerate() {
        let share = |worker: usize| f64::from(samples(worker)) / f64::from(all);
        let mean: f64 = in_order.iter().map(|worker| share(*worker) * f64::from(said[*worker][i])).sum();
        // Three roundings of a term of at most 10³, for five terms.
        prop_assert!((f64::from(*weight) - 0.5 - mean).abs() < 15.0 * 6e-8 * 1e3 * 1.3);
    }
    Ok(())
}

proptest! {
    #[test]
    fn arrival_decides_nothing((deltas, arrival) in answers()) {
        check(Float, &deltas, &arrival)?;
        check(Int8, &deltas, &arrival)?;
        check(Sign, &deltas, &arrival)?;
    }
}

/// Sums that do depend on their order: that of the workers is taken.
#[test]
fn worker_zero_comes_first() {
    let deltas = [3e8_f32, -3e8, 3.0].map(f32::to_le_bytes);
    for arrival in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut network = Vector::new([0.0]);
        let mut round = Round::<_, _, 3>::new(&mut network, Float);
        for worker in arrival {
            round.accept(worker, 1, &deltas[worker]).unwrap();
        }
        round.finish().unwrap();
        assert_eq!(network, Vector::new([1.0]));
    }
    // Added in the order 2, 1, 0 the 1 would be lost.
    let third = 1.0_f32 / 3.0;
    assert_eq!((third * 3.0 + third * -3e8) + third * 3e8, 0.0);
}

#[test]
fn who_does_not_answer_is_left_out() {
    let deltas = [1.0_f32, 2.0].map(f32::to_le_bytes);
    let mut network = Vector::new([0.0]);
    let mut round = Round::<_, _, 4>::new(&mut network, Float);
    round.accept(3, 5, &deltas[1]).unwrap();
    round.accept(1, 5, &deltas[0]).unwrap();
    assert_eq!(round.finish(), Ok(2));
    assert_eq!(network, Vector::new([1.5]));
}

#[test]
fn what_is_refused_changes_nothing() {
    let (good, long) = (1.0_f32.to_le_bytes(), [0; 8]);
    let mut network = Vector::new([2.0]);
    let mut round = Round::<_, _, 2>::new(&mut network, Float);
    assert_eq!(round.accept(2, 1, &good), Err(Error::WorkerOutOfRange { worker: 2, workers: 2 }));
    assert_eq!(round.accept(0, 0, &good), Err(Error::EmptyBatch));
    assert_eq!(round.accept(0, 1, &long), Err(Error::MessageLength { bytes: 8, expected: 4 }));
    assert_eq!(round.accept(0, 1, &good[..3]), Err(Error::MessageLength { bytes: 3, expected: 4 }));
    assert_eq!(round.answered(), 0);
    round.accept(1, u32::MAX, &good).unwrap();
    assert_eq!(round.accept(1, 1, &good), Err(Error::AnsweredTwice { worker: 1 }));
    assert_eq!(round.finish(), Ok(1));
    assert_eq!(network, Vector::new([3.0]));
}

#[test]
fn a_round_that_nobody_answers_is_none() {
    let mut network = Vector::new([2.0]);
    assert_eq!(Round::<_, _, 2>::new(&mut network, Sign).finish(), Err(Error::EmptyBatch));
    assert_eq!(Round::<_, _, 0>::new(&mut network, Sign).finish(), Err(Error::EmptyBatch));
    assert_eq!(network, Vector::new([2.0]));
}
