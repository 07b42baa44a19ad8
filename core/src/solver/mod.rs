//! Methods over a whole objective, one a file: they look at as much data as they need before they take a step.

mod bfgs;
mod conjugate_gradient;
mod damped_newton;
mod differences;
mod lbfgs;
mod least_squares;
pub mod line;
pub mod linear;
mod linear_conjugate_gradient;
mod newton;
mod objective;
mod report;
mod saddle_free_newton;
mod scaled_conjugate_gradient;
mod solve;
mod workspace;

pub use bfgs::{Bfgs, BfgsState};
pub use conjugate_gradient::{Conjugacy, ConjugateGradient, ConjugateGradientState};
pub use damped_newton::{DampedNewton, DampedNewtonState};
pub use lbfgs::{Lbfgs, LbfgsState};
pub use least_squares::{LeastSquares, Residuals};
pub use linear_conjugate_gradient::{LinearConjugateGradient, LinearConjugateGradientState};
pub use newton::{Newton, NewtonState};
pub use objective::{Function, Objective};
pub use report::{Evaluations, Report, Stop, Stopping};
pub use saddle_free_newton::{SaddleFreeNewton, SaddleFreeNewtonState};
pub use scaled_conjugate_gradient::{ScaledConjugateGradient, ScaledConjugateGradientState};
pub use solve::Solver;
pub use workspace::{Iterate, Workspace};
