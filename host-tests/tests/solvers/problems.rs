//! Every solver on problems whose minima are known.

use crate::every::{Solve, every};
use kilograd::Error;
use kilograd::solver::{
    Bfgs, ConjugateGradient, DampedNewton, Function, Lbfgs, LeastSquares, LinearConjugateGradient, Newton, Objective, Report,
    Residuals, SaddleFreeNewton, Solver, Stop, Stopping, Workspace,
};
use kilograd::tensor::{Tensor, Vector, Zero};
use kilograd_host_tests::objectives::{Padded, Quadratic, Rosenbrock};

/// Minimises from `start`, which becomes the end.
pub fn minimize<const N: usize, S: Solver<N>>(
    solver: &S,
    objective: &mut (impl Objective<N> + ?Sized),
    point: &mut Vector<N>,
    until: &Stopping,
) -> Result<Report, Error> {
    solver.minimize(objective, point, &mut Box::new(Workspace::ZERO), until)
}

/// An objective whose second derivatives are left to differences.
struct Unaided<O>(O);

impl<const N: usize, O: Objective<N>> Objective<N> for Unaided<O> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        self.0.value(point)
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        self.0.gradient(point, gradient)
    }
}

/// Rosenbrock's function, by differences, from a start.
struct FromStart<const N: usize>(Vector<N>);

impl<const N: usize> Solve<N> for FromStart<N> {
    fn solve<S: Solver<N>>(&mut self, name: &str, solver: &S) {
        let mut point = self.0.clone();
        let until = Stopping { gradient: 1e-3, iterations: 1000 };
        let report = minimize(solver, &mut Unaided(Padded(Rosenbrock(N))), &mut point, &until).unwrap();
        assert!(matches!(report.stop, Stop::Converged), "{name}: {report:?}");
        let far = point.as_slice().iter().map(|x| (x - 1.0).abs()).fold(0.0, f32::max);
        // A gradient of 1e-3 over the least curvature at the minimum, 0.4.
        assert!(report.value < 1e-5 && far < 5e-3, "{name}: {report:?} at {point:?}");
    }
}

#[test]
fn rosenbrock_by_differences() {
    every(&mut FromStart(Vector::new([-1.2, 1.0])));
    // From here every method, Newton's too, goes to the global minimum.
    every(&mut FromStart(Vector::new([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])));
}

/// A diagonal quadratic of condition 1000 with its minimum at 1.
struct Diagonal;

impl Diagonal {
    fn problem() -> Padded<Quadratic> {
        let curvature = |i: usize| 10_f32.powf(3.0 * i as f32 / 7.0);
        let matrix = (0..64).map(|index| if index % 8 == index / 8 { curvature(index / 8) } else { 0.0 }).collect();
        Padded(Quadratic { matrix, linear: (0..8).map(curvature).collect() })
    }
}

impl Solve<8> for Diagonal {
    fn solve<S: Solver<8>>(&mut self, name: &str, solver: &S) {
        let mut point = Vector::ZERO;
        let until = Stopping { gradient: 1e-2, iterations: 1000 };
        let report = minimize(solver, &mut Self::problem(), &mut point, &until).unwrap();
        assert_eq!(report.stop, Stop::Converged, "{name}: {report:?}");
        let far = point.as_slice().iter().map(|x| (x - 1.0).abs()).fold(0.0, f32::max);
        assert!(far <= 1.1e-2, "{name}: {report:?} at {point:?}");
    }
}

#[test]
fn an_ill_conditioned_quadratic() {
    every(&mut Diagonal);
    let (mut point, until) = (Vector::<8>::ZERO, Stopping { gradient: 1e-2, iterations: 100 });
    let linear = minimize(&LinearConjugateGradient, &mut Diagonal::problem(), &mut point, &until).unwrap();
    // 8 steps in exact arithmetic; the rounding of f32 asks for some more.
    assert!(linear.stop == Stop::Converged && linear.iterations <= 14, "{linear:?}");
    let newton = minimize(&Newton, &mut Diagonal::problem(), &mut Vector::new([0.0; 8]), &until).unwrap();
    assert_eq!((newton.stop, newton.iterations), (Stop::Converged, 1));
}

#[test]
fn linear_conjugate_gradients_take_as_many_steps_as_there_are_numbers() {
    for n in 1..=8 {
        // Condition 8: rounding does not matter.
        let matrix = (0..n * n).map(|index| if index % n == index / n { 1.0 + (index % n) as f32 } else { 0.0 }).collect();
        let mut quadratic = Padded(Quadratic { matrix, linear: vec![1.0; n] });
        let mut point = Vector::<8>::ZERO;
        let until = Stopping { gradient: 1e-5, iterations: 100 };
        let report = minimize(&LinearConjugateGradient, &mut quadratic, &mut point, &until).unwrap();
        assert_eq!((report.stop, report.iterations as usize), (Stop::Converged, n));
        for (i, x) in point.as_slice()[..n].iter().enumerate() {
            assert!((x - 1.0 / (1.0 + i as f32)).abs() < 1e-5);
        }
    }
}

/// `x² − y²`: a saddle, below it nothing.
fn saddle() -> impl Objective<2> {
    Function { value: |[x, y]: &[f32; 2]| x * x - y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, -2.0 * y] }
}

#[test]
fn a_saddle_attracts_newton_and_nothing_else() {
    let start = Vector::new([1.0, 1e-2]);
    let mut point = start.clone();
    let report = minimize(&Newton, &mut saddle(), &mut point, &Stopping::DEFAULT).unwrap();
    assert_eq!(report.stop, Stop::Converged);
    assert!(report.iterations <= 2 && point.norm_max() < 1e-4, "{report:?}");

    // Gradient descent leaves it along the second axis, and saddle-free Newton in fewer steps.
    let mut descent = start.clone();
    let (mut gradient, mut steps) = (Vector::ZERO, 0);
    while saddle().gradient(&descent, &mut gradient).unwrap() > -1.0 {
        descent.add_scaled(-0.1, &gradient);
        steps += 1;
    }
    let mut escaped = start.clone();
    let report = minimize(
        &SaddleFreeNewton::DEFAULT,
        &mut saddle(),
        &mut escaped,
        &Stopping { iterations: steps / 2, ..Stopping::DEFAULT },
    );
    assert!(report.unwrap().value < -1.0 && steps < 50, "{report:?}, gradient descent {steps}");
    // Damping turns the step around as well.
    let mut damped = start;
    let report = minimize(&DampedNewton::DEFAULT, &mut saddle(), &mut damped, &Stopping { iterations: 20, ..Stopping::DEFAULT });
    assert!(report.unwrap().value < -1.0, "{report:?}");
}

/// `a·e^(−b·t) + c` on noisy points: three numbers, residuals that do not vanish.
struct Decay(Vec<(f32, f32)>);

impl Residuals<3> for Decay {
    fn each(&mut self, point: &Vector<3>, _: bool, see: &mut impl FnMut(f32, &Vector<3>)) -> Result<(), Error> {
        let [a, b, c] = point.as_array();
        for (t, y) in &self.0 {
            let power = (-b * t).exp();
            see(a * power + c - y, &Vector::new([power, -a * t * power, 1.0]));
        }
        Ok(())
    }
}

#[test]
fn least_squares_in_fewer_steps_than_by_gradients_alone() {
    let points = (0..20).map(|i| {
        let t = i as f32 / 4.0;
        (t, 3.0 * (-0.7 * t).exp() + 0.5 + if i % 2 == 0 { 0.01 } else { -0.01 })
    });
    let mut squares = LeastSquares(Decay(points.collect()));
    let start = Vector::new([1.0, 0.1, 0.0]);
    let (mut marquardt, mut bfgs) = (start.clone(), start.clone());
    let fitted = minimize(&DampedNewton::DEFAULT, &mut squares, &mut marquardt, &Stopping::DEFAULT).unwrap();
    let other = minimize(&Bfgs::DEFAULT, &mut squares, &mut bfgs, &Stopping::DEFAULT).unwrap();
    assert_eq!((fitted.stop, other.stop), (Stop::Converged, Stop::Converged));
    assert!(fitted.iterations < other.iterations && fitted.iterations <= 12, "{fitted:?} {other:?}");
    assert!((fitted.value - 0.5 * 20.0 * 1e-4).abs() < 2e-4, "{fitted:?}");
    for (found, want) in marquardt.as_slice().iter().zip([3.0, 0.7, 0.5]) {
        assert!((found - want).abs() < 0.03, "{marquardt:?}");
    }
    // Gauss-Newton, undamped, from nearby.
    let mut newton = Vector::new([2.5, 0.6, 0.4]);
    let report = minimize(&Newton, &mut squares, &mut newton, &Stopping::DEFAULT).unwrap();
    assert!(report.stop == Stop::Converged && report.iterations <= 6, "{report:?}");
}

#[test]
fn powell_resets_are_what_fletcher_and_reeves_need() {
    let (mut point, until) = (Vector::new([-1.2, 1.0, -1.2, 1.0, -1.2, 1.0]), Stopping { gradient: 1e-3, iterations: 500 });
    let report = minimize(&ConjugateGradient::FLETCHER_REEVES, &mut Padded(Rosenbrock(6)), &mut point, &until).unwrap();
    // Without resets the reference does not get there in 500 (oracle, own_f64).
    assert!(report.stop == Stop::Converged && report.iterations < 150, "{report:?}");
    let often = ConjugateGradient { reset: 1, ..ConjugateGradient::POLAK_RIBIERE };
    let mut point = Vector::new([-1.2, 1.0]);
    let steepest = minimize(&often, &mut Padded(Rosenbrock(2)), &mut point, &until).unwrap();
    assert_eq!(steepest.stop, Stop::IterationLimit, "reset after every step, it is steepest descent");
}

#[test]
fn a_longer_memory_takes_fewer_steps() {
    fn iterations<const M: usize>() -> u32 {
        let until = Stopping { gradient: 1e-2, iterations: 1000 };
        minimize(&Lbfgs::<M>::DEFAULT, &mut Diagonal::problem(), &mut Vector::new([0.0; 8]), &until).unwrap().iterations
    }
    assert!(iterations::<8>() < iterations::<1>(), "{} and {}", iterations::<8>(), iterations::<1>());
}
