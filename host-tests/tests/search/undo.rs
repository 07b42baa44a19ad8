//! A move that is undone by drawing it again leaves the point where it was, but for rounding; so does one that fails.

use crate::functions::{Answers, N, normal, rng};
use kilograd::Error;
use kilograd::solver::{OnePlusOne, Search, SeparableEs, SimulatedAnnealing, Spsa, SpsaGains};
use kilograd::tensor::{Vector, Zero};

/// The farthest that a coordinate is from where it was.
fn farthest(a: &Vector<N>, b: &Vector<N>) -> f32 {
    a.as_array().iter().zip(b.as_array()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Half an ulp of numbers below 8, where points and trials of these tests lie.
const ROUNDING: f32 = 2.0 * f32::EPSILON;

#[test]
fn a_rejected_trial_moves_no_coordinate_by_more_than_two_roundings() {
    for seed in 0..20 {
        let start = normal::<N>(seed);
        let reject = || Answers { value: 0.0, times: 1, after: Ok(1.0) };
        let mut point = start.clone();
        let outcome = OnePlusOne::new(0.5, rng(seed)).unwrap().step(&mut reject(), &mut point).unwrap();
        assert!(farthest(&point, &start) <= 2.0 * ROUNDING && outcome.value == 0.0);
        let mut point = start.clone();
        SimulatedAnnealing::new(0.5, 0.0, rng(seed)).unwrap().step(&mut reject(), &mut point).unwrap();
        assert!(farthest(&point, &start) <= 2.0 * ROUNDING);
    }
}

#[test]
fn a_thousand_rejected_trials_drift_by_a_walk_of_roundings() {
    let start = normal::<N>(1);
    let (mut point, mut reject) = (start.clone(), Answers { value: 0.0, times: 1, after: Ok(1.0) });
    let mut search = SimulatedAnnealing::new(0.5, 0.0, rng(1)).unwrap();
    search.minimize(&mut reject, &mut point, 1_000).unwrap();
    let drift = farthest(&point, &start);
    println!("after 1000 rejected trials of deviation 0.5 a coordinate is {drift:.1e} off at most");
    // A walk of 2000 steps of at most a rounding: 5 deviations are 5·√2000.
    assert!(drift < 5.0 * 2000.0_f32.sqrt() * ROUNDING);
}

#[test]
fn an_objective_that_fails_leaves_the_point_as_it_was() {
    let failed = Err(Error::SampleUnreadable { index: 7 });
    let check = |times: u32, step: &mut dyn FnMut(&mut Answers, &mut Vector<N>) -> Result<(), Error>| {
        let start = normal::<N>(3);
        let mut point = start.clone();
        let mut failing = Answers { value: 0.0, times, after: failed };
        assert_eq!(step(&mut failing, &mut point), failed.map(|_| ()));
        assert!(farthest(&point, &start) <= 2.0 * (1 + times) as f32 * ROUNDING, "{times}");
    };
    for times in 0..2 {
        check(times, &mut |o, x| OnePlusOne::new(0.5, rng(1))?.step(o, x).map(|_| ()));
        check(times, &mut |o, x| SimulatedAnnealing::new(0.5, 1.0, rng(1))?.step(o, x).map(|_| ()));
        check(times, &mut |o, x| Spsa::new(SpsaGains::new(0.1, 0.5), rng(1))?.step(o, x).map(|_| ()));
    }
    for times in 0..6 {
        check(times, &mut |o, x| {
            let mut deviations = Vector::ZERO;
            SeparableEs::<_, N, 6>::new(&mut deviations, 0.5, rng(1))?.step(o, x).map(|_| ())
        });
    }
}

#[test]
fn values_that_are_not_numbers_are_too_high() {
    let start = normal::<N>(4);
    for value in [f32::NAN, f32::INFINITY] {
        let mut answers = Answers { value: 0.0, times: 1, after: Ok(value) };
        let mut point = start.clone();
        let outcome = OnePlusOne::new(0.5, rng(1)).unwrap().minimize(&mut answers, &mut point, 10).unwrap();
        assert!(outcome.value == 0.0 && farthest(&point, &start) <= 20.0 * ROUNDING);
        // From such a point any number is lower.
        let mut answers = Answers { value, times: 1, after: Ok(5.0) };
        assert_eq!(OnePlusOne::new(0.5, rng(1)).unwrap().step(&mut answers, &mut point).unwrap().value, 5.0);
        let mut answers = Answers { value: 0.0, times: 1, after: Ok(value) };
        let mut point = start.clone();
        Spsa::new(SpsaGains::new(0.1, 0.5), rng(1)).unwrap().step(&mut answers, &mut point).unwrap();
        assert!(farthest(&point, &start) <= 4.0 * ROUNDING, "no slope, no step");
    }
}
