//! Trains small neural networks inside a microcontroller: `no_std`, no heap, no operating system.
//!
//! Shapes are types, so a network whose layers do not fit does not compile, and the RAM that training needs is a constant
//! known before flashing. The same code trains on the desktop, to the same bits.
//!
//! ```
//! use kilograd::prelude::*;
//! use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
//!
//! // Each width is written once; layers that do not fit do not compile.
//! type Net = network![2 => 8 => Tanh => 2];
//! // Parameters, what Adam remembers of them, and what a backward pass needs: on a board, a `static`.
//! type Ram = Memory<Net, Adam>;
//! const _: () = assert!(Ram::RAM_BYTES <= 1024, "does not fit into 1 KB");
//!
//! const XOR: [([f32; 2], usize); 4] = [([0.0, 0.0], 0), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)];
//!
//! # fn main() -> Result<(), Error> {
//! let mut memory = Ram::ZERO;
//! memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
//! let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::default(), 0.02)?;
//! for _ in 0..200 {
//!     for (input, label) in XOR {
//!         trainer.step(&input.into(), &label)?;
//!     }
//! }
//! for (input, label) in XOR {
//!     assert_eq!(trainer.predict(&input.into()).argmax(), Some(label));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The folders are the architecture; imports run downwards:
//!
//! ```text
//! checkpoint what training remembers, as bytes and in flash              (knows all below)
//! train    the loop: steps, batches, order, metrics, averages, monitors   (knows all below)
//! solver   methods over a whole objective: line search, conjugate gradients, … (functions of N numbers, and networks)
//! layer    forward and backward, one layer a file                         (shapes as types)
//! loss     one loss a file
//! optim    update rules and schedules, one a file; how they compose       (knows slices, never layers)
//! init     parameter initialisation, one scheme a file                    (knows slices, never layers)
//! tensor   Vector and Matrix over plain arrays
//! ```
//!
//! All arithmetic happens in the slice kernels of `kilograd-simd`. Nothing here panics, allocates or is unsafe.
//!
//! Features: `defmt` implements `defmt::Format` for tensors, settings, errors and reports.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::as_conversions
)]

#[cfg(test)]
extern crate std;

pub mod chapter8;
pub mod checkpoint;
mod error;
pub mod init;
pub mod layer;
pub mod loss;
pub mod optim;
pub mod solver;
pub mod tensor;
pub mod train;

pub use embedded_storage;
pub use error::{Error, Setting};
pub use rand_core;

/// What most programs that train use.
pub mod prelude {
    pub use crate::error::Error;
    pub use crate::init::{Bias, GlorotNormal, GlorotUniform, HeNormal, HeUniform};
    pub use crate::layer::Layer;
    pub use crate::loss::{BatchMean, BinaryCrossEntropy, CrossEntropy, Huber, Loss, MeanAbsoluteError, MeanSquaredError};
    pub use crate::optim::schedule::Schedule;
    pub use crate::optim::{AdaGrad, Adam, AdamW, ClipNorm, ClipValue, Lion, Momentum, RmsProp, Rule, Sgd, Then, WeightDecay};
    pub use crate::tensor::{Matrix, Parameters, Tensor, Vector, Zero};
    pub use crate::train::{Accumulated, Dataset, EarlyStopping, Fused, Memory, Shuffle, Trainer};
    pub use crate::{batch_network, network};
}
