//! Data sets and training recipes that kilograd's examples, tests and firmware share, so that the desktop and a board
//! train the same network on the same samples in the same order.
//!
//! Every data set is split once, by a shuffle whose seed is fixed; the first samples of the shuffled order train.
#![no_std]
#![forbid(unsafe_code)]

pub mod digits;
pub mod every_layer;
pub mod friedman1;
pub mod iris;
mod scaling;
pub mod searches;
mod split;

pub use scaling::Scaling;
pub use split::SplitMix64;
