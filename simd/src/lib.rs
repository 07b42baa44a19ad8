//! The slice kernels that `kilograd` trains with.
//!
//! Everything here is a loop over slices: no shapes, no state, no allocation. A kernel documents its contract and **its
//! order of additions**; every implementation of it follows that order, nothing but the feature `fused` contracts a multiplication
//! and an addition into one rounding, and `exp`, `tanh` and the square root have one definition. So a kernel returns the same bits on
//! x86-64, on every Cortex-M and on any other IEEE 754 target.
//!
//! ```text
//! kernel/  one family of loops a file: what it computes, in which order, its portable body
//! math/    exp, tanh, sigmoid, softplus, square root, …: one definition each, largest error stated
//! backend/ what one processor does better; the only place with `unsafe`
//! lanes    the columns that a kernel holds in registers: one body, every width
//! block    rows, one at a time or four, without a bounds check that could panic
//! ```
//!
//! No kernel panics. Slices that do not fit together are a programmer's error that costs no cycles to tolerate: a kernel
//! works on the rows and elements that all of its slices have, and leaves the rest alone.
//!
//! ```
//! use kilograd_simd::kernel;
//!
//! // Two inputs, three outputs; the weights of one input lie together.
//! let weights = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
//! let mut output = [0.0; 3];
//! kernel::matvec(&weights, &[1.0, 0.5], &[0.0; 3], &mut output);
//! assert_eq!(output, [6.0, 12.0, 18.0]);
//! ```
#![no_std]
#![deny(unsafe_code)]
// Kernels must not be able to panic: nothing here may index, unwrap or divide by what could be zero.
#![deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::integer_division)]

pub mod backend;
mod block;
pub mod kernel;
mod lanes;
pub mod math;
