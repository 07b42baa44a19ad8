//! Attacks with arbitrary bytes: libFuzzer makes them up (`fuzz/`), and `host-tests/tests/attack.rs` replays its corpus.
//!
//! An attack fails by a panic: of the library, which must have none, or of a check of what was promised. It reads the bytes as
//! a program (settings, data, operations), so that few of them already reach far.

mod checkpoints;
mod codecs;
mod draw;
pub mod line;
mod link;
mod safetensors;
mod solvers;
mod tensors;
mod training;

pub use checkpoints::checkpoints;
pub use codecs::codecs;
pub use draw::Draw;
pub use link::link;
pub use safetensors::safetensors;
pub use solvers::solvers;
pub use tensors::tensors;
pub use training::training;

/// What is done with bytes.
pub type Attack = fn(&[u8]);

/// Every attack and its name, which is that of its fuzz target and of its corpus.
pub const ATTACKS: [(&str, Attack); 7] = [
    ("checkpoints", checkpoints),
    ("codecs", codecs),
    ("link", link),
    ("safetensors", safetensors),
    ("solvers", solvers),
    ("tensors", tensors),
    ("training", training),
];

/// Whether two results are the same number, or both NaN.
fn same(a: f32, b: f32) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Fails unless two slices hold the same numbers.
fn assert_same(a: &[f32], b: &[f32]) {
    assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(*a, *b)), "{a:?}\n{b:?}");
}
