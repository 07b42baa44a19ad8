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

mod adam_rows;
mod add_outer;
#[cfg(not(feature = "helium"))]
mod add_rows;
mod add_sparse;
mod clear;
mod dot_rows;
mod momentum_rows;
mod outer_sums;
mod rectify;
mod sample_sums;
mod sqrt;

pub use adam_rows::adam_rows;
pub use add_outer::add_outer;
#[cfg(not(feature = "helium"))]
pub use add_rows::add_rows;
pub use add_sparse::add_sparse;
pub use clear::clear;
pub use dot_rows::dot_rows;
pub use momentum_rows::momentum_rows;
pub use outer_sums::outer_sums;
pub use rectify::{gate_eights, rectify_eights};
pub use sample_sums::sample_sums;
pub use sqrt::sqrt;
