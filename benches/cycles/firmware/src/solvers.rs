//! One iteration of each solver on a quadratic that costs next to nothing: what the solver itself takes.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::Error;
use kilograd::solver::{
    Bfgs, ConjugateGradient, DampedNewton, Lbfgs, LinearConjugateGradient, Newton, Objective, SaddleFreeNewton,
    ScaledConjugateGradient, Solver, Stopping, Workspace,
};
use kilograd::tensor::{Matrix, Tensor, Vector, Zero};
use static_cell::ConstStaticCell;

/// As many as a 2-8-1 network has parameters, and what eigenvectors are affordable for.
const N: usize = 33;
const SMALL: usize = 9;

/// `Σ cᵢ·xᵢ²/2 − xᵢ`, which knows its Hessian.
struct Bowl<const N: usize>(Vector<N>);

impl<const N: usize> Objective<N> for Bowl<N> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        let pairs = self.0.as_slice().iter().zip(point.as_slice());
        Ok(pairs.map(|(c, x)| x * (0.5 * c * x - 1.0)).sum())
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        for ((g, c), x) in gradient.as_mut_slice().iter_mut().zip(self.0.as_slice()).zip(point.as_slice()) {
            *g = c * x - 1.0;
        }
        self.value(point)
    }

    fn hessian(&mut self, _: &mut Vector<N>, _: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        // Off the diagonal something that costs rotations, and leaves it positive definite.
        hessian.fill(0.01);
        for (i, c) in self.0.as_slice().iter().enumerate() {
            if let Some(element) = hessian.get_mut(i, i) {
                *element = *c;
            }
        }
        Ok(0)
    }

    fn hessian_product(
        &mut self,
        _: &Vector<N>,
        _: &Vector<N>,
        direction: &Vector<N>,
        _: &mut Vector<N>,
        product: &mut Vector<N>,
    ) -> Result<u32, Error> {
        for ((p, c), d) in product.as_mut_slice().iter_mut().zip(self.0.as_slice()).zip(direction.as_slice()) {
            *p = c * d;
        }
        Ok(0)
    }
}

static CONJUGATE: ConstStaticCell<Workspace<N, ConjugateGradient>> = ConstStaticCell::new(Workspace::ZERO);
static LINEAR: ConstStaticCell<Workspace<N, LinearConjugateGradient>> = ConstStaticCell::new(Workspace::ZERO);
static SCALED: ConstStaticCell<Workspace<N, ScaledConjugateGradient>> = ConstStaticCell::new(Workspace::ZERO);
static BFGS: ConstStaticCell<Workspace<N, Bfgs>> = ConstStaticCell::new(Workspace::ZERO);
static LBFGS: ConstStaticCell<Workspace<N, Lbfgs<5>>> = ConstStaticCell::new(Workspace::ZERO);
static NEWTON: ConstStaticCell<Workspace<N, Newton>> = ConstStaticCell::new(Workspace::ZERO);
static DAMPED: ConstStaticCell<Workspace<N, DampedNewton>> = ConstStaticCell::new(Workspace::ZERO);
static SADDLE_FREE: ConstStaticCell<Workspace<SMALL, SaddleFreeNewton>> = ConstStaticCell::new(Workspace::ZERO);

pub fn run() {
    iterate("solver conjugate gradient, 33 parameters", CONJUGATE.take(), &ConjugateGradient::POLAK_RIBIERE, 3);
    iterate("solver linear conjugate gradient, 33 parameters", LINEAR.take(), &LinearConjugateGradient, 3);
    iterate("solver scaled conjugate gradient, 33 parameters", SCALED.take(), &ScaledConjugateGradient, 3);
    iterate("solver bfgs, 33 parameters", BFGS.take(), &Bfgs::DEFAULT, 3);
    iterate("solver l-bfgs 5, 33 parameters", LBFGS.take(), &Lbfgs::DEFAULT, 6);
    iterate("solver newton, 33 parameters", NEWTON.take(), &Newton, 0);
    iterate("solver damped newton, 33 parameters", DAMPED.take(), &DampedNewton::DEFAULT, 0);
    iterate("solver saddle-free newton, 9 parameters", SADDLE_FREE.take(), &SaddleFreeNewton::DEFAULT, 0);
}

/// One step after so many that memory is full.
fn iterate<const N: usize, S: Solver<N>>(name: &str, workspace: &mut Workspace<N, S>, solver: &S, before: u32) {
    let mut source = Source::new();
    let mut bowl = Bowl(Vector::new(source.array::<N>().map(|x| 5.0 * x.abs())));
    let mut point = Vector::new(source.array::<N>());
    let until = Stopping { gradient: 0.0, iterations: 1000 };
    let ready = (0..before).all(|_| solver.step(&mut bowl, &mut point, workspace, &until) == Ok(None));
    let result = measure(name, N, || solver.step(black_box(&mut bowl), &mut point, workspace, &until));
    assert!(ready && result.is_ok(), "{}", name);
}
