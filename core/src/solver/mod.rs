//! Methods over a whole objective, one a file: they look at as much data as they need before they take a step.
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
mod block;
mod blurred;
mod coordinate;
mod curvature;
mod descent;
mod objective;
mod one_plus_one;
mod search;
mod separable;
mod spsa;

pub use annealing::SimulatedAnnealing;
pub use block::{Block, BlockDescent, BlockMemory};
pub use blurred::Blurred;
pub use coordinate::{AlongCoordinate, CoordinateDescent};
pub use curvature::{AlongGradient, Curvature, Extremes};
pub use descent::{Descent, DescentMemory};
pub use objective::{Function, Objective};
pub use one_plus_one::OnePlusOne;
pub use search::{Outcome, Search};
pub use separable::SeparableEs;
pub use spsa::{Spsa, SpsaGains};
