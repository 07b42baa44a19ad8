//! Small matrix products: the passes of a dense layer over a batch, one sample a row.

use super::{matvec, matvec_transposed, rank_one};
use crate::block::{rows, rows_mut};

/// `Cₛⱼ ← bⱼ + Σᵢ Aₛᵢ·Bᵢⱼ`: the forward pass of a batch (A: samples × inputs, B: inputs × outputs).
///
/// *Order:* [`matvec`] for every row of A, to the same bits.
///
/// ```
/// let mut c = [0.0; 4];
/// kilograd_simd::kernel::product(&[1.0, 2.0, 3.0, 4.0], &[1.0, 0.0, 1.0, 1.0], &[0.0, 10.0], &mut c);
/// assert_eq!(c, [3.0, 12.0, 7.0, 14.0]);
/// ```
pub fn product(a: &[f32], b: &[f32], bias: &[f32], c: &mut [f32]) {
    let Some(inputs) = b.len().checked_div(bias.len()) else { return };
    for (a, c) in rows(a, inputs).zip(rows_mut(c, bias.len())) {
        matvec(b, a, bias, c);
    }
}

/// `Cᵢⱼ ← Cᵢⱼ + Σₛ Aₛᵢ·Bₛⱼ`: the weight gradient of a batch (A: samples × inputs, B: samples × outputs).
///
/// *Order:* from the old Cᵢⱼ, over the samples in natural order: [`rank_one`] for every sample, to the same bits.
///
/// ```
/// let mut c = [0.0; 4];
/// kilograd_simd::kernel::transposed_product(2, &[1.0, 2.0, 3.0, 4.0], &[1.0, 0.0, 0.0, 1.0], &mut c);
/// assert_eq!(c, [1.0, 3.0, 2.0, 4.0]);
/// ```
pub fn transposed_product(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (Some(inputs), Some(outputs)) = (a.len().checked_div(samples), b.len().checked_div(samples)) else { return };
    for (a, b) in rows(a, inputs).zip(rows(b, outputs)) {
        rank_one(1.0, a, b, c);
    }
}

/// `Cₛᵢ ← Σⱼ Aₛⱼ·Bᵢⱼ`: the gradient to the inputs of a batch (A: samples × outputs, B: inputs × outputs).
///
/// *Order:* [`matvec_transposed`] for every row of A, to the same bits.
///
/// ```
/// let mut c = [0.0; 4];
/// kilograd_simd::kernel::product_transposed(2, &[1.0, 0.0, 0.0, 1.0], &[1.0, 2.0, 3.0, 4.0], &mut c);
/// assert_eq!(c, [1.0, 3.0, 2.0, 4.0]);
/// ```
pub fn product_transposed(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    let Some(outputs) = a.len().checked_div(samples) else { return };
    let Some(inputs) = c.len().checked_div(samples) else { return };
    for (a, c) in rows(a, outputs).zip(rows_mut(c, inputs)) {
        matvec_transposed(b, a, c);
    }
}
