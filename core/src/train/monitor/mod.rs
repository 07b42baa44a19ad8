//! What to watch while a network trains, one monitor a file.
//!
//! | monitor | says | memory beyond the trainer's | cost |
//! |---|---|---|---|
//! | [`Trainer::gradient_norm`](super::Trainer::gradient_norm) | ‖g‖ of the batch | 0 | a pass over the gradient |
//! | [`Curvature`] | ‖g‖², gᵀHg, whether a step will go up | 1 × parameters | two batches |
//! | [`update_ratios`] | ‖Δw‖ / ‖w‖ of each parameter group | 1 × parameters | a pass over the weights |
//! | [`Spread`] | mean and deviation of what flows at one place | 12 bytes a place | two passes over its values |
//! | [`DeadUnits`] | units that were never on | 1 byte a unit | a pass over its values |
//!
//! A curvature and the ratios of updates are for one step in a hundred or so. Means over time are taken with a
//! [`FadingMean`](super::FadingMean). What flows between layers is shown by
//! [`Trainer::visit_signals`](super::Trainer::visit_signals), which costs nothing where it is not called:
//!
//! ```
//! use kilograd::prelude::*;
//! use kilograd::train::monitor::{DeadUnits, Spread};
//!
//! let mut memory = Memory::<network![1 => 3 => Relu => 1], Sgd>::ZERO;
//! memory.network.first.layer.bias = Vector::new([1.0, -1.0, 2.0]);
//! let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1)?;
//! trainer.step(&[0.0].into(), &[1.0].into())?;
//!
//! let (mut spread, mut dead) = ([Spread::DEFAULT; 2], DeadUnits::<3>::DEFAULT);
//! trainer.visit_signals(&mut |place, values, _gradients| {
//!     spread[place].observe(values);
//!     // Behind the rectifiers.
//!     if place == 0 {
//!         dead.observe(values);
//!     }
//! });
//! assert_eq!((spread[0].mean(), dead.count()), (1.0, 1));
//! # Ok::<(), Error>(())
//! ```

mod curvature;
mod dead_units;
mod spread;
mod update_ratio;

pub use curvature::Curvature;
pub use dead_units::DeadUnits;
pub use spread::Spread;
pub use update_ratio::update_ratios;
