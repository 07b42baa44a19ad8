//! Does something with every solver that goes downhill from anywhere or, as Newton's, is made for it.

use kilograd::solver::line::{Backtracking, StrongWolfe};
use kilograd::solver::{Bfgs, ConjugateGradient, DampedNewton, Lbfgs, Newton, SaddleFreeNewton, ScaledConjugateGradient, Solver};

/// What to do.
pub trait Solve<const N: usize> {
    /// Does it.
    fn solve<S: Solver<N>>(&mut self, name: &str, solver: &S);
}

/// Does it with every one.
pub fn every<const N: usize>(work: &mut impl Solve<N>) {
    work.solve("Fletcher-Reeves", &ConjugateGradient::FLETCHER_REEVES);
    work.solve("Polak-Ribière", &ConjugateGradient::POLAK_RIBIERE);
    work.solve("Polak-Ribière, reset", &ConjugateGradient { reset: 2 * N as u32, ..ConjugateGradient::POLAK_RIBIERE });
    work.solve("scaled", &ScaledConjugateGradient);
    work.solve("BFGS", &Bfgs::DEFAULT);
    work.solve("BFGS, backtracking", &Bfgs { search: Backtracking::DEFAULT });
    work.solve("L-BFGS", &Lbfgs::<5>::DEFAULT);
    work.solve("L-BFGS, memoryless", &Lbfgs::<1>::DEFAULT);
    work.solve("Newton", &Newton);
    work.solve("damped Newton", &DampedNewton::DEFAULT);
    work.solve("saddle-free Newton", &SaddleFreeNewton::DEFAULT);
    work.solve("saddle-free Newton, Wolfe", &SaddleFreeNewton { search: StrongWolfe::DEFAULT });
}
