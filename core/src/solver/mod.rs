//! Methods over a whole objective, one a file: they look at as much data as they need before they take a step.

mod jacobi;
mod objective;

pub use jacobi::Jacobi;
pub use objective::{Function, Objective};
