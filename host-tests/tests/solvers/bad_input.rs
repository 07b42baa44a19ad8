//! Objectives and settings that no solver can do anything with.

use crate::every::{Solve, every};
use crate::problems::minimize;
use kilograd::solver::{DampedNewton, Function, LinearConjugateGradient, Newton, Objective, Solver, Stop, Stopping, Workspace};
use kilograd::tensor::{Tensor, Vector, Zero};
use kilograd::{Error, Setting};

/// Minimises from a start and hands over what came of it.
struct On<O, C> {
    objective: O,
    start: Vector<2>,
    until: Stopping,
    check: C,
}

impl<O: FnMut() -> F, F: Objective<2>, C: FnMut(&str, Result<kilograd::solver::Report, Error>, &Vector<2>)> Solve<2>
    for On<O, C>
{
    fn solve<S: Solver<2>>(&mut self, name: &str, solver: &S) {
        let mut point = self.start.clone();
        let result = minimize(solver, &mut (self.objective)(), &mut point, &self.until);
        (self.check)(name, result, &point);
    }
}

fn bowl() -> impl Objective<2> {
    Function { value: |[x, y]: &[f32; 2]| x * x + 2.0 * y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 4.0 * y] }
}

#[test]
fn a_start_that_is_not_finite() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let start = Vector::new([wrong, 0.0]);
        let check = |name: &str, result, point: &Vector<2>| {
            assert_eq!(result, Err(Error::StartNotFinite), "{name}");
            assert_eq!(point.as_array()[0].to_bits(), wrong.to_bits());
        };
        every(&mut On { objective: bowl, start, until: Stopping::DEFAULT, check });
    }
    // Finite, but its square is not.
    let check = |name: &str, result, _: &Vector<2>| assert_eq!(result, Err(Error::StartNotFinite), "{name}");
    every(&mut On { objective: bowl, start: Vector::new([1e30, 0.0]), until: Stopping::DEFAULT, check });
}

#[test]
fn an_objective_that_is_no_number_anywhere_or_anywhere_else() {
    let nan = || Function { value: |_: &[f32; 2]| f32::NAN, gradient: |_: &[f32; 2]| [1.0, 1.0] };
    let slope = || Function { value: |_: &[f32; 2]| 1.0, gradient: |_: &[f32; 2]| [f32::NAN, 1.0] };
    let refused = |name: &str, result, _: &Vector<2>| assert_eq!(result, Err(Error::StartNotFinite), "{name}");
    every(&mut On { objective: nan, start: Vector::ZERO, until: Stopping::DEFAULT, check: refused });
    every(&mut On { objective: slope, start: Vector::ZERO, until: Stopping::DEFAULT, check: refused });
    // Only the start is defined.
    let hole = || Function {
        value: |[x, y]: &[f32; 2]| if *x == 1.0 && *y == 1.0 { 1.0 } else { f32::NAN },
        gradient: |_: &[f32; 2]| [1.0, 2.0],
    };
    let start = Vector::new([1.0, 1.0]);
    let check = |name: &str, result: Result<kilograd::solver::Report, Error>, point: &Vector<2>| {
        let report = result.unwrap();
        assert!(!matches!(report.stop, Stop::Converged | Stop::IterationLimit), "{name}: {report:?}");
        assert_eq!((report.value, point), (1.0, &Vector::new([1.0, 1.0])), "{name}");
    };
    every(&mut On { objective: hole, start, until: Stopping::DEFAULT, check });
}

#[test]
fn an_objective_without_a_minimum() {
    let plane = || Function { value: |[x, y]: &[f32; 2]| x - y, gradient: |_: &[f32; 2]| [1.0, -1.0] };
    let until = Stopping { gradient: 1e-3, iterations: 50 };
    let check = |name: &str, result: Result<kilograd::solver::Report, Error>, point: &Vector<2>| {
        let report = result.unwrap();
        assert!(report.stop != Stop::Converged && point.is_finite() && report.value.is_finite(), "{name}: {report:?}");
        assert!(name == "Newton" || report.value < -1.0, "{name}: {report:?}");
    };
    every(&mut On { objective: plane, start: Vector::ZERO, until, check });
    let stopped = minimize(&LinearConjugateGradient, &mut plane(), &mut Vector::ZERO.clone(), &until).unwrap();
    assert_eq!((stopped.stop, stopped.iterations), (Stop::Indefinite, 0));
    let stopped = minimize(&Newton, &mut plane(), &mut Vector::ZERO.clone(), &until).unwrap();
    assert_eq!((stopped.stop, stopped.iterations), (Stop::Indefinite, 0));
}

#[test]
fn a_gradient_of_the_wrong_sign() {
    let wrong = || Function { value: |[x, y]: &[f32; 2]| x * x + y * y, gradient: |[x, y]: &[f32; 2]| [-2.0 * x, -2.0 * y] };
    let check = |name: &str, result: Result<kilograd::solver::Report, Error>, point: &Vector<2>| {
        let report = result.unwrap();
        // Newton's step is the same with both derivatives negated.
        assert!(name == "Newton" || report.stop != Stop::Converged, "{name}: {report:?}");
        // Ten steps of what passes for rounding are patience's end.
        let rounding = 1.0 + 10.0 * 64.0 * f32::EPSILON;
        assert!(report.value <= 2.0 * rounding && point.norm_max() <= rounding, "{name} climbed: {report:?}");
    };
    every(&mut On { objective: wrong, start: Vector::new([1.0, 1.0]), until: Stopping::DEFAULT, check });
}

#[test]
fn no_iterations_and_no_need_of_any() {
    let none = Stopping { iterations: 0, ..Stopping::DEFAULT };
    let check = |name: &str, result: Result<kilograd::solver::Report, Error>, point: &Vector<2>| {
        let report = result.unwrap();
        assert_eq!((report.stop, report.iterations, report.value), (Stop::IterationLimit, 0, 3.0), "{name}");
        assert_eq!((report.evaluations.gradients, point), (1, &Vector::new([1.0, 1.0])), "{name}");
    };
    every(&mut On { objective: bowl, start: Vector::new([1.0, 1.0]), until: none, check });
    let check = |name: &str, result: Result<kilograd::solver::Report, Error>, _: &Vector<2>| {
        let report = result.unwrap();
        assert_eq!((report.stop, report.iterations, report.gradient), (Stop::Converged, 0, 0.0), "{name}");
    };
    every(&mut On { objective: bowl, start: Vector::ZERO, until: none, check });
    // A tolerance of zero is met where the gradient is zero, and else rounding ends it.
    let check = |name: &str, result: Result<kilograd::solver::Report, Error>, _: &Vector<2>| {
        let report = result.unwrap();
        assert!(matches!(report.stop, Stop::Converged | Stop::NoProgress) && report.value < 1e-6, "{name}: {report:?}");
    };
    every(&mut On {
        objective: bowl,
        start: Vector::new([1.0, 1.0]),
        until: Stopping { gradient: 0.0, iterations: 10_000 },
        check,
    });
}

#[test]
fn settings_outside_their_ranges() {
    for wrong in [-1.0, f32::NAN, f32::INFINITY] {
        let until = Stopping { gradient: wrong, iterations: 1 };
        let check = |name: &str, result, _: &Vector<2>| {
            let refused =
                matches!(result, Err(Error::Setting(Setting::GradientTolerance, got)) if got.to_bits() == wrong.to_bits());
            assert!(refused, "{name}");
        };
        every(&mut On { objective: bowl, start: Vector::ZERO, until, check });
        let refused = minimize(&DampedNewton { damping: wrong }, &mut bowl(), &mut Vector::ZERO.clone(), &Stopping::DEFAULT);
        assert!(matches!(refused, Err(Error::Setting(Setting::Damping, got)) if got.to_bits() == wrong.to_bits()));
    }
}

#[test]
fn a_function_of_no_numbers() {
    let mut constant = Function { value: |[]: &[f32; 0]| 1.0, gradient: |[]: &[f32; 0]| [] };
    let (mut workspace, mut point) = (Workspace::<0, Newton>::ZERO, Vector::ZERO);
    let report = Newton.minimize(&mut constant, &mut point, &mut workspace, &Stopping::DEFAULT).unwrap();
    assert_eq!((report.stop, report.value), (Stop::Converged, 1.0));
}

/// A gradient of 10⁴ everywhere, or that of `½·x²`; a curvature given apart; and the evaluation that fails.
struct Stated {
    slope: f32,
    curvature: f32,
    fails_at: u32,
    evaluations: u32,
}

impl Objective<1> for Stated {
    fn value(&mut self, point: &Vector<1>) -> Result<f32, Error> {
        self.gradient(point, &mut Vector::default())
    }

    fn gradient(&mut self, point: &Vector<1>, gradient: &mut Vector<1>) -> Result<f32, Error> {
        self.evaluations += 1;
        if self.evaluations == self.fails_at {
            return Err(Error::SampleUnreadable { index: 7 });
        }
        let [x] = point.as_array();
        *gradient.as_mut_array() = [self.slope + x];
        Ok(self.slope * x + 0.5 * x * x)
    }

    fn hessian_product(
        &mut self,
        _: &Vector<1>,
        _: &Vector<1>,
        direction: &Vector<1>,
        _: &mut Vector<1>,
        product: &mut Vector<1>,
    ) -> Result<u32, Error> {
        *product.as_mut_array() = [self.curvature * direction.as_array()[0]];
        Ok(0)
    }
}

#[test]
fn an_exact_step_that_overflows_is_not_taken() {
    let mut flat = Stated { slope: 1e4, curvature: 1e-36, fails_at: 0, evaluations: 0 };
    let mut point = Vector::new([1.0]);
    let report = minimize(&LinearConjugateGradient, &mut flat, &mut point, &Stopping::DEFAULT).unwrap();
    assert_eq!((report.stop, report.iterations, point), (Stop::NotFinite, 0, Vector::new([1.0])));
}

#[test]
fn a_step_whose_end_cannot_be_evaluated_is_taken_back_and_can_be_tried_again() {
    let mut bowl = Stated { slope: 0.0, curvature: 1.0, fails_at: 2, evaluations: 0 };
    let (mut workspace, mut point) = (Workspace::<1, LinearConjugateGradient>::ZERO, Vector::new([3.0]));
    let refused = LinearConjugateGradient.step(&mut bowl, &mut point, &mut workspace, &Stopping::DEFAULT);
    assert_eq!((refused, &point), (Err(Error::SampleUnreadable { index: 7 }), &Vector::new([3.0])));
    let stop = LinearConjugateGradient.step(&mut bowl, &mut point, &mut workspace, &Stopping::DEFAULT);
    assert_eq!((stop, point), (Ok(Some(Stop::Converged)), Vector::ZERO));
}
