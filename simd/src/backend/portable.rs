//! Any target without a faster way: libm (which uses the processor's own instruction where its target has one), and no loop
//! but the kernel's own.

use crate::block::rows_mut;
use crate::kernel::{AdamStep, MomentumStep};

/// The correctly rounded square root.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn dot_rows(_rows: &[f32], _deltas: &[f32], _output: &mut [f32]) -> Option<usize> {
    None
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn outer_sums(_alpha: f32, _samples: usize, _a: &[f32], _b: &[f32], _c: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn sample_sums(_a: [&[f32]; 4], _b: &[f32], _bias: &[f32], _c: &mut [f32]) -> Option<usize> {
    None
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn add_outer(_alpha: f32, _input: &[f32], _deltas: &[f32], _weights: &mut [f32]) -> bool {
    false
}

/// Where every operation is a call, each that is not needed is left out; elsewhere nothing is done here.
#[inline(always)]
pub fn add_sparse(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    if cfg!(not(target_arch = "arm")) {
        return false;
    }
    for (j, d) in deltas.iter().enumerate().filter(|(_, d)| !is_zero(**d)) {
        let step = alpha * d;
        for (x, row) in input.iter().zip(rows_mut(weights, deltas.len())) {
            if let (false, Some(w)) = (is_zero(*x), row.get_mut(j)) {
                *w += x * step;
            }
        }
    }
    true
}

/// Of either sign, told without an operation on floats.
#[inline(always)]
fn is_zero(x: f32) -> bool {
    x.to_bits() << 1 == 0
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn clear(_x: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn gate_eights(_y: &[f32], _d: &mut [f32]) -> usize {
    0
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn rectify_eights(_x: &mut [f32]) -> usize {
    0
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn adam_rows(_: &AdamStep, _: &[f32], _: &[f32], _: &mut [f32], _: &mut [f32], _: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn momentum_rows(_: &MomentumStep, _: &[f32], _: &[f32], _: &mut [f32], _: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn add_rows(_weights: &[f32], _input: &[f32], _bias: &[f32], _output: &mut [f32]) -> bool {
    false
}
