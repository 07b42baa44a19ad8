//! Methods over a whole objective, one a file: they look at as much data as they need before they take a step.

pub mod linear;
mod objective;

pub use objective::{Function, Objective};
