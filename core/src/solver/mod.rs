//! Methods over a whole objective, one a file: they look at as much data as they need before they take a step.
//!
//! A [`Solver`] moves a point to where an [`Objective`] is lower: any differentiable function of N numbers, or the loss of a
//! network ([`NetworkLoss`]). All it remembers lies in a [`Workspace`], which the caller owns, and which holds 4·N numbers for
//! every solver and beside them:
//!
//! | solver | numbers beside 4·N | gradients a step |
//! |---|---|---|
//! | [`ConjugateGradient`] (Fletcher and Reeves, Polak and Ribière) | 3 | a line search |
//! | [`LinearConjugateGradient`] | 1 | a product with the Hessian (1) |
//! | [`ScaledConjugateGradient`] | N + 3 | 1 and a product with the Hessian (1) |
//! | [`Lbfgs<M>`](Lbfgs) | 2·M·(N + 1) + 2 | a line search |
//! | [`Bfgs`] | N² + 1 | a line search |
//! | [`Newton`], Gauss-Newton | N² | 1 and a Hessian (2·N) |
//! | [`DampedNewton`], Levenberg-Marquardt | N² + N + 1 | 1 for each damping, and a Hessian (2·N) |
//! | [`SaddleFreeNewton`] | 2·N² | a line search, and a Hessian (2·N) |
//!
//! In brackets what differences take where an objective does not know its second derivatives; one that does says so in
//! [`Objective::hessian`] and [`Objective::hessian_product`]. Gauss-Newton and Levenberg-Marquardt are [`Newton`] and
//! [`DampedNewton`] over [`LeastSquares`].
//!
//! Single precision ends earlier than a gradient can be asked to vanish: [`Stop::NoProgress`] says that it did.
//!
//! Other methods need less memory, or no gradient. Each is a [`Search`], but for the two descents:
//!
//! | search | memory beside the parameters | evaluations an iteration |
//! |---|---|---|
//! | [`Descent`] with an update rule | 4 bytes a parameter, and the rule's state | 1 gradient |
//! | [`BlockDescent`] | 4 bytes a parameter, and the rule's state for a block | 1 gradient |
//! | [`CoordinateDescent`] | constant | 3 N values (Newton) |
//! | [`OnePlusOne`] | constant | 1 value |
//! | [`SimulatedAnnealing`] | constant | 1 value |
//! | [`Spsa`] | constant | 2 values |
//! | [`SeparableEs`] | 4 bytes a parameter | a population of values |
//!
//! [`Blurred`] makes of an objective a smoother one, and [`Curvature`] probes its Hessian: 8 bytes a parameter each.

mod annealing;
mod bfgs;
mod block;
mod blurred;
mod conjugate_gradient;
mod coordinate;
mod curvature;
mod damped_newton;
mod descent;
mod differences;
mod jacobi;
mod lbfgs;
mod least_squares;
pub mod line;
mod linear_conjugate_gradient;
mod network_loss;
mod network_residuals;
mod newton;
mod objective;
mod one_plus_one;
mod report;
mod saddle_free_newton;
mod scaled_conjugate_gradient;
mod search;
mod separable;
mod solve;
mod spsa;
mod workspace;

pub use annealing::SimulatedAnnealing;
pub use bfgs::{Bfgs, BfgsState};
pub use block::{Block, BlockDescent, BlockMemory};
pub use blurred::Blurred;
pub use conjugate_gradient::{Conjugacy, ConjugateGradient, ConjugateGradientState};
pub use coordinate::{AlongCoordinate, CoordinateDescent};
pub use curvature::{AlongGradient, Curvature, Extremes};
pub use damped_newton::{DampedNewton, DampedNewtonState};
pub use descent::{Descent, DescentMemory};
pub use jacobi::Jacobi;
pub use lbfgs::{Lbfgs, LbfgsState};
pub use least_squares::{LeastSquares, Residuals};
pub use linear_conjugate_gradient::{LinearConjugateGradient, LinearConjugateGradientState};
pub use network_loss::{NetworkLoss, NetworkWorkspace, read_parameters, write_parameters};
pub use network_residuals::NetworkResiduals;
pub use newton::{Newton, NewtonState};
pub use objective::{Function, Objective};
pub use one_plus_one::OnePlusOne;
pub use report::{Evaluations, Report, Stop, Stopping};
pub use saddle_free_newton::{SaddleFreeNewton, SaddleFreeNewtonState};
pub use scaled_conjugate_gradient::{ScaledConjugateGradient, ScaledConjugateGradientState};
pub use search::{Outcome, Search};
pub use separable::SeparableEs;
pub use solve::Solver;
pub use spsa::{Spsa, SpsaGains};
pub use workspace::{Iterate, Workspace};
