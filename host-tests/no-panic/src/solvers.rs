//! Every solver, over a function and over a network.

use core::hint::black_box;
use kilograd::prelude::*;
use kilograd::solver::line::{Backtracking, StrongWolfe};
use kilograd::solver::{
    Bfgs, ConjugateGradient, DampedNewton, Function, Lbfgs, LeastSquares, LinearConjugateGradient, NetworkLoss, NetworkResiduals,
    NetworkWorkspace, Newton, Objective, Report, SaddleFreeNewton, ScaledConjugateGradient, Solver, Stopping, Workspace,
    read_parameters, write_parameters,
};
use kilograd::tensor::linear::{cholesky, cholesky_solve, ldl, ldl_solve, symmetric_eigen};

type Net = network![2 => 3 => Tanh => 1];
const P: usize = Net::COUNT;

pub fn run() {
    linear();
    let _ = black_box((functions(), networks()));
}

fn linear() {
    let (mut a, mut b, mut vectors, mut x) = black_box(([0.0; 9], [0.0; 9], [0.0; 9], [0.0; 3]));
    let order = black_box(3);
    let factored = cholesky(&mut a, order).is_ok();
    cholesky_solve(&a, &mut x);
    let factored = ldl(&mut b, order).is_ok() && factored;
    ldl_solve(&b, &mut x);
    black_box((symmetric_eigen(&mut a, &mut vectors, order) && factored, a, vectors, x));
}

fn minimize<const N: usize, S: Solver<N>>(
    solver: &S,
    objective: &mut impl Objective<N>,
    point: &mut Vector<N>,
) -> Result<Report, Error> {
    let mut workspace = Workspace::<N, S>::ZERO;
    let until = black_box(Stopping::DEFAULT);
    solver.step(objective, point, &mut workspace, &until)?;
    black_box(workspace.iterate().value());
    solver.minimize(objective, point, &mut workspace, &until)
}

fn functions() -> Result<(), Error> {
    let mut bowl = Function {
        value: |[x, y]: &[f32; 2]| black_box(x * x + y * y),
        gradient: |[x, y]: &[f32; 2]| black_box([2.0 * x, 2.0 * y]),
    };
    let mut point = black_box(Vector::ZERO);
    let (wolfe, backtracking) = black_box((StrongWolfe::DEFAULT, Backtracking::DEFAULT));
    minimize(&ConjugateGradient::FLETCHER_REEVES, &mut bowl, &mut point)?;
    minimize(&ConjugateGradient { reset: black_box(3), ..ConjugateGradient::POLAK_RIBIERE }, &mut bowl, &mut point)?;
    minimize(&LinearConjugateGradient, &mut bowl, &mut point)?;
    minimize(&ScaledConjugateGradient, &mut bowl, &mut point)?;
    minimize(&Bfgs { search: wolfe }, &mut bowl, &mut point)?;
    minimize(&Bfgs { search: backtracking }, &mut bowl, &mut point)?;
    minimize(&Lbfgs::<3>::DEFAULT, &mut bowl, &mut point)?;
    minimize(&Lbfgs::<1, Backtracking> { search: backtracking }, &mut bowl, &mut point)?;
    minimize(&Newton, &mut bowl, &mut point)?;
    minimize(&black_box(DampedNewton::DEFAULT), &mut bowl, &mut point)?;
    minimize(&SaddleFreeNewton { search: backtracking }, &mut bowl, &mut point)?;
    Ok(())
}

fn networks() -> Result<(), Error> {
    let samples = black_box([(Vector::<2>::ZERO, Vector::<1>::ZERO)]);
    let (mut network, mut point, mut row) = (Net::ZERO, Vector::<P>::ZERO, Vector::<P>::ZERO);
    let mut passes = NetworkWorkspace::<Net>::ZERO;
    read_parameters(black_box(&network), &mut point);
    let mut loss = NetworkLoss::new(&mut passes, MeanSquaredError, &samples, 0..black_box(1))?;
    minimize(&Bfgs::DEFAULT, &mut loss, &mut point)?;
    minimize(&Lbfgs::<3>::DEFAULT, &mut loss, &mut point)?;
    minimize(&DampedNewton::DEFAULT, &mut loss, &mut point)?;
    loss.set_indices(0..black_box(2));
    minimize(&ScaledConjugateGradient, &mut loss, &mut point)?;
    let mut squares = LeastSquares(NetworkResiduals::new(&mut passes, &mut row, &samples, 0..black_box(1)));
    minimize(&DampedNewton::DEFAULT, &mut squares, &mut point)?;
    write_parameters(black_box(&point), &mut network);
    black_box(network);
    Ok(())
}
