//! Cortex-M with a single-precision floating-point unit: M4F, M7, M33.
//!
//! The loops in assembly are those that the compiler does not schedule well on an M4: its registers run out, it scatters the
//! loads of a burst, or it reads a result right after it was computed (a cycle each). They multiply and add apart, in the
//! order of the portable body: the same bits.
//!
//! They are naked functions: mangled, so that two versions of this crate can be linked into one program, and each in a section
//! of its own, so that the linker drops the unused. They follow the procedure call standard with the hard-float ABI: r4 to r11
//! and s16 to s31 are restored, arguments past the fourth lie above the 100 bytes of stack that this takes. They call nothing.
//! Their callers here are safe: each checks the lengths once, and holds the only `unsafe` block.
//!
//! How cycles are counted: N loads of one register in a row take 1 + N, however many pointers they use; a load of several
//! registers takes 1 + N too, and moves its pointer for nothing, but ends the row. A store takes one, a taken branch three.
#![allow(unsafe_code)]

#[cfg(not(small))]
mod adam_rows;
#[cfg(not(small))]
mod add_outer;
#[cfg(not(any(small, feature = "helium")))]
mod add_rows;
#[cfg(not(small))]
mod add_sparse;
#[cfg(not(small))]
mod clear;
#[cfg(not(small))]
mod dot_rows;
mod momentum_rows;
mod outer_sums;
mod rectify;
mod sample_sums;
#[cfg(small)]
mod small;
mod sqrt;

#[cfg(not(any(small, feature = "helium")))]
pub use add_rows::add_rows;
pub use momentum_rows::momentum_rows;
pub use outer_sums::outer_sums;
pub use rectify::{gate_eights, rectify_eights};
pub use sample_sums::sample_sums;
#[cfg(all(small, not(feature = "helium")))]
pub use small::add_rows;
#[cfg(small)]
pub use small::{adam_rows, add_outer, add_sparse, clear, dot_rows, sum_of_magnitudes};
pub use sqrt::sqrt;
#[cfg(not(small))]
pub use {adam_rows::adam_rows, add_outer::add_outer, add_sparse::add_sparse, clear::clear, dot_rows::dot_rows};
