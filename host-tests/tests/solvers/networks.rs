//! The loss of a network as an objective.

use crate::every::{Solve, every};
use crate::problems::minimize;
use kilograd::prelude::*;
use kilograd::solver::{
    Bfgs, DampedNewton, Lbfgs, LeastSquares, NetworkLoss, NetworkResiduals, NetworkWorkspace, Objective, Solver, Stop, Stopping,
    Workspace, read_parameters, write_parameters,
};
use kilograd_host_tests::numeric;
use kilograd_tasks::{Scaling, friedman1};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::cell::Cell;

type Xor = network![2 => 8 => Tanh => 1];
const P: usize = Xor::COUNT;
const SAMPLES: [([f32; 2], f32); 4] = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)];

fn xor() -> [(Vector<2>, Vector<1>); 4] {
    SAMPLES.map(|(x, y)| (x.into(), [y].into()))
}

/// The parameters of a freshly initialised network.
fn initial<N: Layer, const P: usize>(seed: u64) -> Vector<P> {
    let (mut network, mut point) = (N::ZERO, Vector::ZERO);
    network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(seed));
    read_parameters(&network, &mut point);
    point
}

/// XOR, from a start.
struct FromSeed(u64);

impl Solve<P> for FromSeed {
    fn solve<S: Solver<P>>(&mut self, name: &str, solver: &S) {
        // Newton's own goes to whatever stationary point is next, and differences of a Hessian this singular lead anywhere.
        if name == "Newton" {
            return;
        }
        let (data, mut passes, mut point) = (xor(), NetworkWorkspace::<Xor>::ZERO, initial::<Xor, P>(self.0));
        let mut objective = NetworkLoss::new(&mut passes, MeanSquaredError, &data, 0..4).unwrap();
        let before = objective.value(&point).unwrap();
        let until = Stopping { gradient: 1e-3, iterations: 1000 };
        let report = minimize(solver, &mut objective, &mut point, &until).unwrap();
        assert!(before > 0.2 && report.value < 1e-2, "{name}: {before}, {report:?}");
        let mut network = Xor::ZERO;
        write_parameters(&point, &mut network);
        for (x, y) in &data {
            let (mut output, mut tape) = (Vector::ZERO, Zero::ZERO);
            network.forward(x, &mut output, &mut tape);
            assert!((output.as_array()[0] - y.as_array()[0]).abs() < 0.2, "{name} says {output:?} for {x:?}");
        }
    }
}

#[test]
fn every_solver_learns_xor() {
    every(&mut FromSeed(1));
}

#[test]
fn levenberg_and_marquardt_learn_xor_by_residuals() {
    let (data, mut passes, mut row) = (xor(), NetworkWorkspace::<Xor>::ZERO, Vector::ZERO);
    let mut squares = LeastSquares(NetworkResiduals::new(&mut passes, &mut row, &data, 0..4));
    let mut point = initial::<Xor, P>(1);
    let report = minimize(&DampedNewton::DEFAULT, &mut squares, &mut point, &Stopping::DEFAULT).unwrap();
    assert!(report.stop == Stop::Converged && report.value < 1e-6 && report.iterations < 30, "{report:?}");
}

#[test]
fn value_and_gradient_are_those_of_the_network() {
    let (data, point) = (xor(), initial::<Xor, P>(3));
    let loss = |p: &[f64]| {
        let of = |(x, y): &([f32; 2], f32)| {
            let hidden: Vec<f64> = numeric::dense(&p[..16], &p[16..24], &numeric::wide(x)).into_iter().map(f64::tanh).collect();
            numeric::mean_squared_error(&numeric::dense(&p[24..32], &p[32..], &hidden), &[f64::from(*y)])
        };
        SAMPLES.iter().map(of).sum::<f64>() / 4.0
    };
    let wide = numeric::wide(point.as_slice());
    let want = numeric::gradient(loss, &wide, 1e-5);
    let (mut passes, mut row) = (NetworkWorkspace::<Xor>::ZERO, Vector::ZERO);
    let mut gradient = Vector::ZERO;
    let mut check = |objective: &mut dyn Objective<P>, share: f64| {
        let value = f64::from(objective.value(&point).unwrap());
        assert!((value - share * loss(&wide)).abs() < 1e-6, "{value} instead of {}", share * loss(&wide));
        assert_eq!(objective.gradient(&point, &mut gradient).unwrap(), objective.value(&point).unwrap());
        for (got, want) in gradient.as_slice().iter().zip(&want) {
            assert!((f64::from(*got) - share * want).abs() < 2e-6, "{got} instead of {}", share * want);
        }
    };
    check(&mut NetworkLoss::new(&mut passes, MeanSquaredError, &data, [3, 1, 0, 2]).unwrap(), 1.0);
    // Half the sum of squares is twice the mean of four.
    check(&mut LeastSquares(NetworkResiduals::new(&mut passes, &mut row, &data, 0..4)), 2.0);
}

/// Friedman's regression, scaled.
fn regression() -> Vec<(Vector<10>, Vector<1>)> {
    let rows = friedman1::generate();
    let (inputs, targets) = (Scaling::of(rows.iter().map(|(x, _)| x)), Scaling::of(rows.iter().map(|(_, y)| y)));
    rows.iter().map(|(x, y)| (inputs.apply(x), targets.apply(y))).collect()
}

type Small = network![10 => 4 => Tanh => 1];

/// The mean loss over all samples after L-BFGS has worked through as many samples, `batch` at a time, five steps on each.
fn trained(data: &[(Vector<10>, Vector<1>)], batch: usize) -> f32 {
    let (mut passes, mut point) = (NetworkWorkspace::<Small>::ZERO, initial::<Small, { Small::COUNT }>(1));
    let mut workspace = Box::new(Workspace::<{ Small::COUNT }, Lbfgs<5>>::ZERO);
    let until = Stopping { gradient: 0.0, iterations: if batch == data.len() { 60 } else { 5 } };
    let mut objective = NetworkLoss::new(&mut passes, MeanSquaredError, data, 0..batch).unwrap();
    for pass in 0..12 {
        for from in (0..data.len()).step_by(batch) {
            objective.set_indices(from..(from + batch).min(data.len()));
            Lbfgs::DEFAULT.minimize(&mut objective, &mut point, &mut workspace, &until).unwrap();
        }
        if batch == data.len() && pass == 0 {
            break;
        }
    }
    objective.set_indices(0..data.len());
    objective.value(&point).unwrap()
}

#[test]
fn limited_memory_needs_the_whole_batch() {
    let data = regression();
    let (whole, eight) = (trained(&data, data.len()), trained(&data, 8));
    // Both have seen each sample 60 times. The variance of the targets is 1.
    assert!(whole < 0.15, "{whole} with every sample");
    assert!(eight > 2.0 * whole, "{eight} with eight samples, {whole} with every one");
}

/// XOR, read over a bus that fails from a given read on.
struct Bus {
    reads: Cell<usize>,
    fails: usize,
}

impl Dataset for Bus {
    type Input = Vector<2>;
    type Target = Vector<1>;

    fn len(&self) -> usize {
        4
    }

    fn load(&self, index: usize, input: &mut Vector<2>) -> Result<Vector<1>, Error> {
        self.reads.set(self.reads.get() + 1);
        if self.reads.get() == self.fails { Err(Error::SampleUnreadable { index }) } else { xor().load(index, input) }
    }
}

/// Retries each step that the bus spoils: the path must be the same.
struct Retry;

impl Solve<P> for Retry {
    fn solve<S: Solver<P>>(&mut self, name: &str, solver: &S) {
        let run = |fails: usize| {
            let data = Bus { reads: Cell::new(0), fails };
            let (mut passes, mut point) = (NetworkWorkspace::<Xor>::ZERO, initial::<Xor, P>(1));
            let mut objective = NetworkLoss::new(&mut passes, MeanSquaredError, &data, 0..4).unwrap();
            let (mut workspace, until) = (Box::new(Workspace::<P, S>::ZERO), Stopping { gradient: 0.0, iterations: 3 });
            let mut failures = 0;
            loop {
                let before = point.clone();
                match solver.step(&mut objective, &mut point, &mut workspace, &until) {
                    Ok(None) => {}
                    Ok(Some(_)) => return (point, failures, data.reads.get()),
                    Err(error) => {
                        assert!(matches!(error, Error::SampleUnreadable { .. }) && failures == 0);
                        assert_eq!(point, before, "{name} moved though a sample was unreadable");
                        failures += 1;
                    }
                }
            }
        };
        let (undisturbed, _, reads) = run(0);
        for fails in [1, 3, reads / 3, reads / 2, reads - 1] {
            let (point, failures, _) = run(fails);
            assert_eq!((failures, &point), (1, &undisturbed), "{name}, read {fails} of {reads}");
        }
    }
}

#[test]
fn an_unreadable_sample_spoils_one_step_and_nothing_else() {
    every(&mut Retry);
}

#[test]
fn what_a_network_cannot_be_asked() {
    let (data, point) = (xor(), initial::<Xor, P>(1));
    let mut passes = NetworkWorkspace::<Xor>::ZERO;
    let value = |objective: &mut dyn Objective<P>, point: &Vector<P>| {
        let (value, mut gradient) = (objective.value(point), Vector::ZERO);
        assert_eq!(objective.gradient(point, &mut gradient), value);
        value
    };
    let mut over = |indices: std::ops::Range<usize>, point: &Vector<P>| {
        value(&mut NetworkLoss::new(&mut passes, MeanSquaredError, &data, indices).unwrap(), point)
    };
    assert_eq!(over(0..0, &point), Err(Error::EmptyBatch));
    assert_eq!(over(3..5, &point), Err(Error::SampleOutOfRange { index: 4, samples: 4 }));
    // Weights that overflow are a high point, not an error.
    assert_eq!(over(0..4, &Vector::new([3e38; P])), Ok(f32::INFINITY));
    assert_eq!(over(0..4, &Vector::new([f32::NAN; P])), Ok(f32::INFINITY));
    let wrong = [(Vector::new([f32::NAN, 0.0]), Vector::new([0.0])), (Vector::ZERO, Vector::new([f32::NAN]))];
    let (mut row, none) = (Vector::ZERO, 0..0);
    for (index, error) in [(0..1, Error::InputNotFinite), (1..2, Error::TargetInvalid)] {
        let mut loss = NetworkLoss::new(&mut passes, MeanSquaredError, &wrong, index.clone()).unwrap();
        assert_eq!(value(&mut loss, &point), Err(error));
        let mut squares = LeastSquares(NetworkResiduals::new(&mut passes, &mut row, &wrong, index));
        assert_eq!(value(&mut squares, &point), Err(error));
    }
    let squares = &mut LeastSquares(NetworkResiduals::new(&mut passes, &mut row, &data, none));
    assert_eq!(value(squares, &point), Ok(0.0));
    type Classes = network![2 => 2];
    let classes = [(Vector::new([0.0, 0.0]), 2)];
    let mut passes = NetworkWorkspace::<Classes>::ZERO;
    assert!(NetworkLoss::new(&mut passes, CrossEntropy { label_smoothing: 2.0 }, &classes, 0..1).is_err());
    let mut loss = NetworkLoss::new(&mut passes, CrossEntropy::default(), &classes, 0..1).unwrap();
    assert_eq!(loss.value(&Vector::<6>::ZERO), Err(Error::LabelOutOfRange { label: 2, classes: 2 }));
    // A start where it overflows.
    let mut passes = NetworkWorkspace::<Xor>::ZERO;
    let mut loss = NetworkLoss::new(&mut passes, MeanSquaredError, &data, 0..4).unwrap();
    let refused = minimize(&Bfgs::DEFAULT, &mut loss, &mut Vector::new([3e38; P]), &Stopping::DEFAULT);
    assert_eq!(refused, Err(Error::StartNotFinite));
}
