//! The loops of a step with one sample where this crate is optimised for size (`opt-level` s or z): row by row,
//! much shorter than those beside this folder, with the same bits.
//!
//! A step of SGD takes 28,652 cycles with them where it takes 25,736 with the others (64-32-10, `benches/cycles/run
//! --opt-level s`, without and with the lines below), one of Adam 161,066 instead of 130,841, one of momentum 56,526 instead of 37,798. Flash decides:
//! with the others' `dot_rows`, `adam_rows` and `momentum_rows`, training with SGD takes 1.3 KB more and with Adam 2.4 KB
//! (`host-tests/footprint`). Who wants all the others in a firmware optimised for size says so in its Cargo.toml; SGD then takes
//! 9,364 bytes of flash instead of 3,256, Adam 7,912 instead of 4,116:
//!
//! ```toml
//! [profile.release.package.kilograd-simd]
//! opt-level = 3
//! ```

mod add_outer;
mod add_rows;
mod dot_rows;

pub use add_outer::add_outer;
pub use add_rows::add_rows;
pub use dot_rows::dot_rows;

// Smaller as the compiler makes them.
pub use crate::backend::portable::{adam_rows, clear, gate_eights, momentum_rows, rectify_eights};

/// Nothing is done here: the kernel adds every row, zero or not.
#[inline(always)]
pub fn add_sparse(_alpha: f32, _input: &[f32], _deltas: &[f32], _weights: &mut [f32]) -> bool {
    false
}
