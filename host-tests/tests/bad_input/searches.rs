//! Settings of searches outside their ranges, and objectives that make no sense.

use kilograd::optim::schedule::ExponentialDecay;
use kilograd::prelude::*;
use kilograd::solver::{
    AlongCoordinate, Block, BlockDescent, BlockMemory, Blurred, CoordinateDescent, Curvature, Descent, DescentMemory, Function,
    Objective, OnePlusOne, Outcome, Search, SeparableEs, SimulatedAnnealing, Spsa, SpsaGains,
};
use kilograd::{Error, Setting};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const NOT_FINITE: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

fn rng() -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(1)
}

fn parabola() -> impl Objective<1> {
    Function { value: |[x]: &[f32; 1]| x * x, gradient: |[x]: &[f32; 1]| [2.0 * x] }
}

/// Whether `result` is an error about this setting with this value (NaN is not equal to itself).
fn is_about<T>(result: Result<T, Error>, setting: Setting, value: f32) -> bool {
    matches!(result, Err(Error::Setting(what, got)) if what == setting && got.to_bits() == value.to_bits())
}

#[test]
fn deviations_and_distances_above_zero() {
    for wrong in [0.0, -0.0, -1.0].into_iter().chain(NOT_FINITE) {
        let mut kept = Vector::new([7.0]);
        assert!(is_about(OnePlusOne::new(wrong, rng()), Setting::Deviation, wrong));
        assert!(is_about(SimulatedAnnealing::new(wrong, 1.0, rng()), Setting::Deviation, wrong));
        assert!(is_about(SeparableEs::<_, 1, 4>::new(&mut kept, wrong, rng()), Setting::Deviation, wrong));
        assert_eq!(kept, Vector::new([7.0]));
        assert!(is_about(Spsa::new(SpsaGains::new(0.1, wrong), rng()), Setting::Displacement, wrong));
        let newton = AlongCoordinate::Newton { difference: wrong };
        assert!(is_about(CoordinateDescent::new(newton), Setting::Displacement, wrong));
        let golden = AlongCoordinate::GoldenSection { radius: wrong, evaluations: 9 };
        assert!(is_about(CoordinateDescent::new(golden), Setting::Displacement, wrong));
        let (mut probe, point) = (Curvature::ZERO, Vector::new([1.0]));
        assert!(is_about(probe.along_gradient(&mut parabola(), &point, wrong), Setting::Displacement, wrong));
        assert!(is_about(probe.extremes(&mut parabola(), &point, wrong, 3, &mut rng()), Setting::Displacement, wrong));
        assert_eq!(probe, Curvature::ZERO);
    }
}

#[test]
fn numbers_from_zero() {
    for wrong in [-1.0, -f32::MIN_POSITIVE].into_iter().chain(NOT_FINITE) {
        let mut room = [Vector::ZERO, Vector::ZERO];
        assert!(is_about(Blurred::new(parabola(), &mut room, wrong, 3, rng()).map(|_| ()), Setting::Deviation, wrong));
        let mut blurred = Blurred::new(parabola(), &mut room, 0.5, 3, rng()).unwrap();
        assert!(is_about(blurred.set_deviation(wrong), Setting::Deviation, wrong));
        assert_eq!(blurred.deviation(), 0.5);
        let gains = SpsaGains::new(0.1, 0.1);
        assert!(is_about(Spsa::new(SpsaGains { step_exponent: wrong, ..gains }, rng()), Setting::Exponent, wrong));
        assert!(is_about(Spsa::new(SpsaGains { probe_exponent: wrong, ..gains }, rng()), Setting::Exponent, wrong));
        assert!(matches!(Spsa::new(SpsaGains { step: wrong, ..gains }, rng()), Err(Error::LearningRate(_))));
        assert!(matches!(SimulatedAnnealing::new(0.1, wrong, rng()), Err(Error::LearningRate(_))));
        let schedule = ExponentialDecay { initial: 1.0, factor: wrong };
        assert!(is_about(SimulatedAnnealing::new(0.1, schedule, rng()), Setting::DecayFactor, wrong));
    }
}

#[test]
fn counts_of_at_least_one() {
    let mut room = [Vector::ZERO, Vector::ZERO];
    assert!(is_about(Blurred::new(parabola(), &mut room, 0.5, 0, rng()).map(|_| ()), Setting::BatchSize, 0.0));
    let mut memory = BlockMemory::<Sgd, 1, 1>::ZERO;
    assert!(is_about(BlockDescent::new(&mut memory, Sgd, 0.1, 0).map(|_| ()), Setting::Steps, 0.0));
    let mut probe = Curvature::ZERO;
    let extremes = probe.extremes(&mut parabola(), &Vector::new([1.0]), 0.1, 0, &mut rng());
    assert!(is_about(extremes, Setting::Steps, 0.0));
    for evaluations in [0, 1] {
        let golden = AlongCoordinate::GoldenSection { radius: 1.0, evaluations };
        assert!(is_about(CoordinateDescent::new(golden), Setting::Steps, evaluations as f32));
    }
    let mut point = Vector::new([1.0]);
    assert_eq!(OnePlusOne::new(1.0, rng()).unwrap().minimize(&mut parabola(), &mut point, 0), Ok(Outcome::NONE));
}

#[test]
fn descent_refuses_what_its_rule_and_its_schedule_refuse() {
    let (mut all, mut block) = (DescentMemory::<_, 1>::ZERO, BlockMemory::<_, 1, 1>::ZERO);
    let rule = Momentum { momentum: 1.0, ..Momentum::DEFAULT };
    assert!(is_about(Descent::new(&mut all, rule, 0.1).map(|_| ()), Setting::Momentum, 1.0));
    assert!(is_about(BlockDescent::new(&mut block, rule, 0.1, 1).map(|_| ()), Setting::Momentum, 1.0));
    assert_eq!(Descent::new(&mut all, Momentum::DEFAULT, -1.0).map(|_| ()), Err(Error::LearningRate(-1.0)));
    assert_eq!(BlockDescent::new(&mut block, Momentum::DEFAULT, -1.0, 1).map(|_| ()), Err(Error::LearningRate(-1.0)));
}

#[test]
fn a_block_lies_within_the_parameters_and_its_room() {
    let (mut weights, mut gradient) =
        ((Vector::new([1.0, 2.0]), Vector::new([3.0])), (Vector::new([1.0, 1.0]), Vector::new([1.0])));
    let (before, mut block) = (weights.clone(), Block::<Momentum, 2>::ZERO);
    #[expect(clippy::reversed_empty_ranges, reason = "a caller's mistake")]
    let wrong = [(0..0, 0.0), (2..1, 0.0), (0..3, 3.0), (2..4, 2.0), (3..4, 1.0), (usize::MAX - 1..usize::MAX, 1.0)];
    for (range, length) in wrong {
        let step = block.step(&Momentum::DEFAULT, 0.1, range, &mut weights, &mut gradient);
        assert!(is_about(step, Setting::BlockSize, length), "{step:?}");
    }
    assert_eq!(block.step(&Momentum::DEFAULT, -1.0, 0..1, &mut weights, &mut gradient), Err(Error::LearningRate(-1.0)));
    let rule = Momentum { momentum: 1.0, ..Momentum::DEFAULT };
    assert!(is_about(block.step(&rule, 0.1, 0..1, &mut weights, &mut gradient), Setting::Momentum, 1.0));
    assert_eq!(weights, before);
}

#[test]
fn gradients_that_are_not_numbers_have_no_curvature() {
    for wrong in NOT_FINITE {
        let mut objective = Function { value: |_: &[f32; 2]| 1.0, gradient: move |_: &[f32; 2]| [wrong, 0.0] };
        let (mut probe, point) = (Curvature::ZERO, Vector::new([1.0, 2.0]));
        assert_eq!(probe.along_gradient(&mut objective, &point, 0.1), Err(Error::GradientTooLarge));
        assert_eq!(probe.extremes(&mut objective, &point, 0.1, 3, &mut rng()), Err(Error::GradientTooLarge));
    }
}

#[test]
fn objectives_without_variables_or_numbers_end_no_search() {
    let mut none = Function { value: |_: &[f32; 0]| f32::NAN, gradient: |_: &[f32; 0]| [] };
    let (mut point, mut deviations, mut memory) = (Vector::new([]), Vector::ZERO, DescentMemory::ZERO);
    OnePlusOne::new(1.0, rng()).unwrap().minimize(&mut none, &mut point, 9).unwrap();
    SimulatedAnnealing::new(1.0, 1.0, rng()).unwrap().minimize(&mut none, &mut point, 9).unwrap();
    Spsa::new(SpsaGains::new(0.1, 0.1), rng()).unwrap().minimize(&mut none, &mut point, 9).unwrap();
    SeparableEs::<_, 0, 4>::new(&mut deviations, 1.0, rng()).unwrap().minimize(&mut none, &mut point, 9).unwrap();
    Descent::new(&mut memory, Sgd, 0.1).unwrap().minimize(&mut none, &mut point, 9).unwrap();
    let newton = AlongCoordinate::Newton { difference: 1.0 };
    CoordinateDescent::new(newton).unwrap().minimize(&mut none, &mut point, 9).unwrap();
    // A plain, on which every trial is as good as the last: deviations stay within what can be calculated with.
    let mut plain = Function { value: |_: &[f32; 2]| 1.0, gradient: |_: &[f32; 2]| [0.0; 2] };
    let mut search = OnePlusOne::new(1.0, rng()).unwrap();
    let mut point = Vector::new([0.0, 0.0]);
    search.minimize(&mut plain, &mut point, 10_000).unwrap();
    assert!(search.deviation() <= 1e18 && point.is_finite());
}

/// At the edge of the numbers, with steps of any length: every point that is evaluated and every point that is kept is finite.
#[test]
fn no_search_tries_or_keeps_a_point_that_is_not_finite() {
    // Lower and lower the farther out, and at infinity lowest of all.
    let value = |x: &[f32; 2]| {
        assert!(x.iter().all(|x| x.is_finite()), "evaluated at {x:?}");
        -x.iter().map(|x| (x / f32::MAX).abs()).sum::<f32>()
    };
    for at in [1.0, 1e38, f32::MAX, f32::MIN] {
        for far in [1.0, 1e30, 1e38, f32::MAX] {
            let mut tempting = Function { value, gradient: |_: &[f32; 2]| [0.0; 2] };
            let start = Vector::new([at, -0.5 * at]);
            let (mut deviations, on) = (Vector::ZERO, &mut tempting);
            let run = |name: &str, outcome: Result<Outcome, Error>, point: &Vector<2>| {
                assert!(point.is_finite() && outcome.is_ok_and(|one| one.iterations == 99), "{name} of {far} at {at}: {point:?}");
            };
            let mut point = start.clone();
            run("(1+1)", OnePlusOne::new(far, rng()).unwrap().minimize(on, &mut point, 99), &point);
            point.copy_from(&start);
            run("annealing", SimulatedAnnealing::new(far, 1.0, rng()).unwrap().minimize(on, &mut point, 99), &point);
            for gains in [SpsaGains::new(1e10, 1.0), SpsaGains::new(1.0, far), SpsaGains::new(1e10, far)] {
                point.copy_from(&start);
                run("SPSA", Spsa::new(gains, rng()).unwrap().minimize(on, &mut point, 99), &point);
            }
            point.copy_from(&start);
            let mut search = SeparableEs::<_, 2, 4>::new(&mut deviations, far, rng()).unwrap();
            run("SNES", search.minimize(on, &mut point, 99), &point);
            let golden = AlongCoordinate::GoldenSection { radius: far, evaluations: 9 };
            for along in [golden, AlongCoordinate::Newton { difference: far }] {
                point.copy_from(&start);
                run("coordinates", CoordinateDescent::new(along).unwrap().minimize(on, &mut point, 99), &point);
            }
        }
    }
}

/// A deviation beyond the limit to which one adapts comes back from there; that of one point even where no trial is made.
#[test]
fn a_deviation_far_out_of_proportion_comes_back() {
    let mut distance = Function { value: |[x]: &[f32; 1]| (x - 3.0).abs(), gradient: |[x]: &[f32; 1]| [(x - 3.0).signum()] };
    for deviation in [1e19, 1e30, f32::MAX] {
        let (mut point, mut search) = (Vector::new([0.0]), OnePlusOne::new(deviation, rng()).unwrap());
        search.minimize(&mut distance, &mut point, 3_000).unwrap();
        assert!((point.as_array()[0] - 3.0).abs() < 1e-3 && search.deviation() < 1.0, "{point:?} {}", search.deviation());
    }
    for deviation in [1e19, 1e30] {
        let (mut point, mut deviations) = (Vector::new([0.0]), Vector::ZERO);
        let mut search = SeparableEs::<_, 1, 8>::new(&mut deviations, deviation, rng()).unwrap();
        search.minimize(&mut distance, &mut point, 3_000).unwrap();
        assert!((point.as_array()[0] - 3.0).abs() < 1e-3 && search.deviations().norm_max() < 1.0, "{point:?} {search:?}");
    }
    let mut height = Function { value: |[x]: &[f32; 1]| *x, gradient: |_: &[f32; 1]| [1.0] };
    let (mut point, mut deviations) = (Vector::new([0.0]), Vector::ZERO);
    let mut search = SeparableEs::<_, 1, 8>::new(&mut deviations, 1e-30, rng()).unwrap();
    search.minimize(&mut height, &mut point, 1_000).unwrap();
    assert!(search.deviations().norm_max() > 1.0, "{search:?}");
}

/// Where a search cannot move it stays, bit for bit, and a point that is no number stays what it is.
#[test]
fn a_search_without_room_stays() {
    for start in [[f32::MAX, 0.0], [f32::NAN, 1.0], [1.0, f32::NEG_INFINITY]] {
        let mut never = Function { value: |_: &[f32; 2]| 0.0, gradient: |_: &[f32; 2]| [0.0; 2] };
        let (mut point, mut deviations) = (Vector::new(start), Vector::ZERO);
        OnePlusOne::new(1e38, rng()).unwrap().step(&mut never, &mut point).unwrap();
        SimulatedAnnealing::new(1e38, 1.0, rng()).unwrap().step(&mut never, &mut point).unwrap();
        let outcome = Spsa::new(SpsaGains::new(1.0, 1e38), rng()).unwrap().step(&mut never, &mut point).unwrap();
        assert_eq!(outcome, Outcome { iterations: 1, evaluations: 0, value: f32::INFINITY });
        let outcome = SeparableEs::<_, 2, 4>::new(&mut deviations, 1e38, rng()).unwrap().step(&mut never, &mut point).unwrap();
        assert_eq!(outcome, Outcome { iterations: 1, evaluations: 0, value: f32::INFINITY });
        assert_eq!(point.as_array().map(f32::to_bits), start.map(f32::to_bits));
    }
}
