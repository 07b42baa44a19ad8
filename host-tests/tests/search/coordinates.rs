//! Coordinate descent.

use crate::functions::{Answers, N, bowl, normal, rosenbrock};
use kilograd::Error;
use kilograd::solver::{AlongCoordinate, CoordinateDescent, Function, Objective, Search};
use kilograd::tensor::Vector;

const GOLDEN: AlongCoordinate = AlongCoordinate::GoldenSection { radius: 0.5, evaluations: 14 };
/// Small beside the scale on which Rosenbrock's function curves; where a function is quadratic, large ones round less.
const NEWTON: AlongCoordinate = AlongCoordinate::Newton { difference: 0.02 };
const WIDE: AlongCoordinate = AlongCoordinate::Newton { difference: 0.5 };

#[test]
fn variables_that_do_not_depend_on_each_other_take_one_cycle() {
    let (mut bowl, mut point) = (bowl(), normal::<N>(1));
    let outcome = CoordinateDescent::new(WIDE).unwrap().minimize(&mut bowl, &mut point, 1).unwrap();
    assert!(outcome.value < 1e-5, "{outcome:?}");
    // The start, then x ± h and Newton's step of each variable.
    assert_eq!((outcome.iterations, outcome.evaluations), (1, 1 + 3 * N as u32));
}

#[test]
fn golden_section_narrows_by_the_golden_ratio() {
    let at = 0.3217_f32;
    let mut parabola = Function { value: |[x]: &[f32; 1]| (x - at) * (x - at), gradient: |[x]: &[f32; 1]| [2.0 * (x - at)] };
    for evaluations in [2_u32, 5, 10, 15] {
        let along = AlongCoordinate::GoldenSection { radius: 1.0, evaluations };
        let mut point = Vector::new([0.0]);
        let outcome = CoordinateDescent::new(along).unwrap().minimize(&mut parabola, &mut point, 1).unwrap();
        // The interval that is left after so many evaluations, 2·0.618ⁿ⁻¹, holds the minimum and the best point.
        let left = 2.0 * 0.618_034_f32.powi(evaluations as i32 - 1);
        let off = (point.as_array()[0] - at).abs();
        println!("{evaluations} evaluations: {off:.1e} off, {left:.1e} at most");
        assert!(off <= left && outcome.evaluations == 1 + evaluations);
    }
}

#[test]
fn both_ways_get_through_a_valley_and_never_rise() {
    for along in [GOLDEN, NEWTON] {
        let (mut rosenbrock, mut point) = (rosenbrock(), Vector::new([-1.2, 1.0]));
        let mut search = CoordinateDescent::new(along).unwrap();
        let mut last = f32::INFINITY;
        for _ in 0..2_000 {
            let outcome = search.step(&mut rosenbrock, &mut point).unwrap();
            assert!(outcome.value <= last);
            last = outcome.value;
        }
        println!("{along:?}: {last:.1e} after 2000 cycles");
        assert!(last < 0.05);
        assert_eq!(rosenbrock.value(&point), Ok(last), "the value is that of the point, to the bit");
    }
}

#[test]
fn where_it_curves_down_it_goes_down() {
    let mut ridge = Function { value: |[x]: &[f32; 1]| -x * x, gradient: |[x]: &[f32; 1]| [-2.0 * x] };
    let mut point = Vector::new([0.25]);
    CoordinateDescent::new(WIDE).unwrap().minimize(&mut ridge, &mut point, 10).unwrap();
    assert!((point.as_array()[0] - 5.25).abs() < 1e-5);
}

#[test]
fn an_objective_that_fails_leaves_every_variable_that_was_not_done_to_the_bit() {
    let failed = Err(Error::SampleUnreadable { index: 7 });
    for along in [GOLDEN, NEWTON] {
        for times in 0..4 {
            let (start, mut failing) = (normal::<N>(2), Answers { value: 1.0, times, after: failed });
            let mut point = start.clone();
            assert_eq!(CoordinateDescent::new(along).unwrap().step(&mut failing, &mut point), failed.map(|_| unreachable!()));
            assert_eq!(point, start);
        }
    }
}
