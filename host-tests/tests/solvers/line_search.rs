//! Line searches on functions of one number: what they promise holds at the step they return.

use kilograd::solver::line::{Backtracking, Found, Line, LineSearch, StrongWolfe};
use kilograd::solver::{Evaluations, Function};
use kilograd::tensor::Vector;
use kilograd::{Error, Setting};
use proptest::prelude::*;

/// `φ(α) = a·α⁴ + b·α² + c·α + s·sin(f·α)` in double precision, rounded once: bounded below, with several minima.
#[derive(Clone, Copy, Debug)]
struct Waves {
    a: f64,
    b: f64,
    c: f64,
    s: f64,
    f: f64,
}

impl Waves {
    fn value(&self, x: f64) -> f64 {
        self.a * x.powi(4) + self.b * x * x + self.c * x + self.s * (self.f * x).sin()
    }

    fn slope(&self, x: f64) -> f64 {
        4.0 * self.a * x.powi(3) + 2.0 * self.b * x + self.c + self.s * self.f * (self.f * x).cos()
    }
}

fn waves() -> impl Strategy<Value = Waves> {
    (0.01..2.0, -2.0..2.0, -5.0..-0.1, -1.0..1.0, 0.1..4.0).prop_map(|(a, b, c, s, f)| Waves { a, b, c, s, f })
}

/// Searches from 0 upwards.
fn search(waves: Waves, search: &impl LineSearch, first: f32) -> (Found, Evaluations) {
    let mut function = Function {
        value: |[x]: &[f32; 1]| waves.value((*x).into()) as f32,
        gradient: |[x]: &[f32; 1]| [waves.slope((*x).into()) as f32],
    };
    let (mut point, mut gradient, mut evaluations) = (Vector::new([0.0]), Vector::new([0.0]), Evaluations::default());
    let mut line = Line {
        objective: &mut function,
        start: &Vector::new([0.0]),
        direction: &Vector::new([1.0]),
        value: waves.value(0.0) as f32,
        slope: waves.slope(0.0) as f32,
        point: &mut point,
        gradient: &mut gradient,
        evaluations: &mut evaluations,
    };
    let found = search.search(&mut line, first).unwrap();
    if let Found::Step(trial) = found {
        assert_eq!((point.as_array()[0], gradient.as_array()[0]), (trial.step, trial.slope), "not at the end of the step");
    }
    (found, evaluations)
}

proptest! {
    #[test]
    fn the_strong_wolfe_conditions_hold(waves in waves(), exponent in -6.0..4.0_f32, curvature in 0.05..0.9_f32) {
        prop_assume!(waves.slope(0.0) < -0.01);
        let settings = StrongWolfe { curvature, ..StrongWolfe::DEFAULT };
        let (found, evaluations) = search(waves, &settings, 10_f32.powf(exponent));
        let Found::Step(trial) = found else { return Err(TestCaseError::fail(format!("{found:?}"))) };
        let (step, start) = (f64::from(trial.step), waves.slope(0.0));
        let rounding = 64.0 * f64::from(f32::EPSILON) * waves.value(0.0).abs() + 1e-6;
        prop_assert!(waves.value(step) <= waves.value(0.0) + 1e-4 * step * start + rounding);
        prop_assert!(waves.slope(step).abs() <= f64::from(curvature) * -start + 1e-4, "slope {}", waves.slope(step));
        prop_assert!(evaluations.values == 0 && evaluations.gradients <= 40, "{evaluations:?}");
    }

    #[test]
    fn backtracking_lowers_enough_and_does_not_overshoot(waves in waves(), exponent in -4.0..4.0_f32) {
        prop_assume!(waves.slope(0.0) < -0.01);
        let first = 10_f32.powf(exponent);
        let (found, evaluations) = search(waves, &Backtracking::DEFAULT, first);
        let Found::Step(trial) = found else { return Err(TestCaseError::fail(format!("{found:?}"))) };
        let step = f64::from(trial.step);
        prop_assert!(trial.step > 0.0 && trial.step <= first);
        prop_assert!(waves.value(step) <= waves.value(0.0) + 1e-4 * step * waves.slope(0.0) + 1e-6);
        prop_assert!(evaluations.values <= 40 && evaluations.gradients <= 2, "{evaluations:?}");
    }
}

#[test]
fn where_nothing_can_be_found() {
    let flat = Waves { a: 0.0, b: 0.0, c: 0.0, s: 0.0, f: 0.0 };
    let up = Waves { c: 1.0, ..flat };
    for (waves, found) in [(flat, Found::NoChange), (up, Found::Nothing)] {
        assert_eq!(search(waves, &StrongWolfe::DEFAULT, 1.0), (found, Evaluations::default()));
        assert_eq!(search(waves, &Backtracking::DEFAULT, 1.0), (found, Evaluations::default()));
    }
    for first in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(search(Waves { c: -1.0, ..flat }, &StrongWolfe::DEFAULT, first).0, Found::Nothing);
    }
    // A function that falls for ever is followed as far as steps grow, and no farther.
    let (found, evaluations) = search(Waves { c: -1.0, ..flat }, &StrongWolfe::DEFAULT, 1.0);
    assert!(matches!(found, Found::Step(trial) if trial.step > 1e6 && trial.value.is_finite()), "{found:?}");
    assert!(evaluations.gradients <= 32);
}

#[test]
fn steps_come_back_from_where_the_function_is_not_finite() {
    // −√x + x is NaN below 0 and finite above; as a barrier: −ln(1 − α) − 2α is infinite from α = 1 on.
    let mut barrier = Function {
        value: |[x]: &[f32; 1]| -(1.0 - x).ln() - 2.0 * x,
        gradient: |[x]: &[f32; 1]| [if *x < 1.0 { 1.0 / (1.0 - x) - 2.0 } else { f32::NAN }],
    };
    let (mut point, mut gradient, mut evaluations) = (Vector::new([0.0]), Vector::new([0.0]), Evaluations::default());
    let mut line = Line {
        objective: &mut barrier,
        start: &Vector::new([0.0]),
        direction: &Vector::new([1.0]),
        value: 0.0,
        slope: -1.0,
        point: &mut point,
        gradient: &mut gradient,
        evaluations: &mut evaluations,
    };
    let Found::Step(trial) = StrongWolfe::CONJUGATE.search(&mut line, 1e6).unwrap() else { panic!("nothing found") };
    assert!((trial.step - 0.5).abs() < 0.05, "the minimum lies at 0.5: {trial:?}");
    let Found::Step(trial) = Backtracking::DEFAULT.search(&mut line, 1e6).unwrap() else { panic!("nothing found") };
    assert!(trial.value < 0.0);
}

#[test]
fn settings_outside_their_ranges() {
    for wrong in [0.0, 1.0, -1.0] {
        let refused = Err(Error::Setting(Setting::SufficientDecrease, wrong));
        assert_eq!(Backtracking { sufficient_decrease: wrong }.check(), refused);
        assert_eq!(StrongWolfe { sufficient_decrease: wrong, ..StrongWolfe::DEFAULT }.check(), refused);
    }
    for wrong in [1e-4, 0.0, 1.0] {
        let refused = Err(Error::Setting(Setting::Curvature, wrong));
        assert_eq!(StrongWolfe { curvature: wrong, ..StrongWolfe::DEFAULT }.check(), refused);
    }
    assert!(Backtracking { sufficient_decrease: f32::NAN }.check().is_err());
    assert!(StrongWolfe { curvature: f32::NAN, ..StrongWolfe::DEFAULT }.check().is_err());
}
