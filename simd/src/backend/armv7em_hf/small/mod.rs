//! The loops of a step with one sample where this crate is optimised for size (`opt-level` s or z): a round is one or two rows, or
//! four columns, instead of many, to the same bits.
//!
//! A step of SGD takes 24,921 cycles with them where it takes 24,282 with the others (64-32-10, `benches/cycles/run
//! --opt-level s`, without and with the lines below), one of Adam 135,602 instead of 130,371. Training with SGD takes 4,096 bytes
//! of flash instead of 10,820, with Adam 4,572 instead of 9,692 (`host-tests/footprint`). Who wants the others in a firmware
//! optimised for size says so in its Cargo.toml:
//!
//! ```toml
//! [profile.release.package.kilograd-simd]
//! opt-level = 3
//! ```

mod adam_rows;
mod add_outer;
mod add_rows;
mod dot_rows;
mod magnitudes;

pub use adam_rows::adam_rows;
pub use add_outer::add_outer;
pub use add_rows::add_rows;
pub use dot_rows::dot_rows;
pub use magnitudes::sum_of_magnitudes;

// Smaller as the compiler makes them.
pub use crate::backend::portable::clear;

/// Nothing is done here: the kernel adds every row, zero or not.
#[inline(always)]
pub fn add_sparse(_alpha: f32, _input: &[f32], _deltas: &[f32], _weights: &mut [f32]) -> bool {
    false
}
