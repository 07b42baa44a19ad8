//! The outer product of a layer's inputs and output gradients, added to its weights or its weight gradient.

use crate::block::{load, store};
use wide::f32x4;

/// `Wᵢⱼ ← Wᵢⱼ + xᵢ·(α·dⱼ)`, with W input-major (`input.len()` rows of `deltas.len()`).
///
/// With α = 1 it adds one sample's weight gradient to a sum; with α = −η on the weights themselves it is a whole step of
/// stochastic gradient descent, and no gradient is ever stored.
///
/// ```
/// let mut weights = [0.0; 4];
/// kilograd_simd::kernel::rank_one(-0.5, &[1.0, 2.0], &[2.0, 4.0], &mut weights);
/// assert_eq!(weights, [-1.0, -2.0, -2.0, -4.0]);
/// ```
pub fn rank_one(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) {
    let columns = deltas.len();
    let mut from = 0;
    let (blocks, rest) = deltas.as_chunks::<16>();
    for deltas in blocks {
        block::<16, 4>(alpha, input, deltas, columns, weights.get_mut(from..).unwrap_or(&mut []));
        from += 16;
    }
    let (blocks, rest) = rest.as_chunks::<4>();
    for deltas in blocks {
        block::<4, 1>(alpha, input, deltas, columns, weights.get_mut(from..).unwrap_or(&mut []));
        from += 4;
    }
    for delta in rest {
        column(alpha * delta, input, columns, weights.get_mut(from..).unwrap_or(&mut []));
        from += 1;
    }
}

/// `N` neighbouring columns (four times `VECTORS`); `weights` begins at the first one's weight for input 0.
#[inline(always)]
fn block<const N: usize, const VECTORS: usize>(
    alpha: f32,
    input: &[f32],
    deltas: &[f32; N],
    columns: usize,
    weights: &mut [f32],
) {
    let mut steps = [f32x4::splat(alpha); VECTORS];
    for (step, delta) in steps.iter_mut().zip(deltas.as_chunks::<4>().0) {
        *step *= load(delta);
    }
    let mut rest = weights;
    for x in input {
        let Some(row) = rest.first_chunk_mut::<N>() else { break };
        let x = f32x4::splat(*x);
        for (weights, step) in row.as_chunks_mut::<4>().0.iter_mut().zip(&steps) {
            store(load(weights) + x * *step, weights);
        }
        rest = rest.get_mut(columns..).unwrap_or(&mut []);
    }
}

/// One column.
#[inline(always)]
fn column(step: f32, input: &[f32], columns: usize, weights: &mut [f32]) {
    let mut rest = weights;
    for x in input {
        let Some(weight) = rest.first_mut() else { break };
        *weight += x * step;
        rest = rest.get_mut(columns..).unwrap_or(&mut []);
    }
}
