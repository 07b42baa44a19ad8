//! Shapes known at run time, for a library whose shapes are types.
//!
//! A case is embedded in the next larger size of a small menu. What is added is zero, which changes no bit of the rest: a
//! product with zero adds zero, and no element moves to another lane of a sum.

use super::super::Trouble;
use super::super::schema::Case;
use kilograd::tensor::{Vector, Zero};

/// Evaluates `$run` with the constant `$SIZE` set to the smallest of the menu's sizes that holds `$width`.
macro_rules! with_size {
    ($width:expr, $SIZE:ident => $run:expr) => {
        match $width {
            0..=4 => {
                const $SIZE: usize = 4;
                $run
            }
            5..=16 => {
                const $SIZE: usize = 16;
                $run
            }
            17..=64 => {
                const $SIZE: usize = 64;
                $run
            }
            65..=256 => {
                const $SIZE: usize = 256;
                $run
            }
            257..=1024 => {
                const $SIZE: usize = 1024;
                $run
            }
            width => Err(crate::oracle::Trouble::Failed(format!(
                "a width of {width} is above 1024, the largest that the runner is compiled for: add a size to padding.rs"
            ))),
        }
    };
}

pub(super) use with_size;

/// The width of a row of `in.x`.
pub(super) fn classes(case: &Case) -> Result<usize, Trouble> {
    let shape = case.input("x")?.shape;
    shape.last().copied().filter(|classes| *classes > 0).ok_or(Trouble::Malformed("in.x has no classes".into()))
}

/// Zeros on the heap, where large networks belong.
pub(super) fn zeros<T: Zero>() -> Box<T> {
    Box::new(T::ZERO)
}

/// `values`, then zeros.
pub(super) fn padded<const N: usize>(values: &[f32]) -> Vector<N> {
    Vector::from_fn(|i| values.get(i).copied().unwrap_or_default())
}

/// Fills the library's input-major `weights`, whose rows hold `width` outputs, from the oracle's `[outputs][inputs]`.
pub(super) fn load_weights(weights: &mut [f32], width: usize, recorded: &[f32], inputs: usize) {
    for (j, unit) in recorded.chunks(inputs.max(1)).enumerate() {
        for (i, weight) in unit.iter().enumerate() {
            weights[i * width + j] = *weight;
        }
    }
}

/// The oracle's `[outputs][inputs]` from input-major `weights`, whose rows hold `width` outputs.
pub(super) fn weights_by_unit(weights: &[f32], width: usize, inputs: usize, outputs: usize) -> Vec<f32> {
    (0..outputs * inputs).map(|k| weights[k % inputs * width + k / inputs]).collect()
}
