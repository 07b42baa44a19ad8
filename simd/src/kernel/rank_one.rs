//! The outer product of a layer's inputs and output gradients, added to its weights or its weight gradient.

use crate::backend::{self, Quad, Widest};
use crate::block::LONGEST;
use crate::lanes::{Lanes, Twice, load_first};

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
    if backend::rank_one(alpha, input, deltas, weights).is_some() {
        return;
    }
    if backend::add_outer(alpha, input, deltas, weights) {
        return;
    }
    let columns = deltas.len();
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(input.len());
    let (Some(input), Some(weights)) = (input.get(..rows), weights.get_mut(..rows * columns)) else { return };
    let mut from = blocks::<Widest>(alpha, input, deltas, weights, 0);
    if from < columns {
        from = blocks::<Quad>(alpha, input, deltas, weights, from);
    }
    if from < columns {
        blocks::<f32>(alpha, input, deltas, weights, from);
    }
}

/// [`rank_one`] that may pass over the rows whose input is zero and the columns whose delta is: half of a step on images with
/// blank pixels and units that are switched off.
///
/// The same bits as [`rank_one`] if all factors are finite (as they are in a step that was not refused) and no weight is −0,
/// which may stay −0 here: nothing that draws weights draws one, and no step from other weights leads to one.
///
/// ```
/// let mut weights = [1.0; 4];
/// kilograd_simd::kernel::rank_one_sparse(-0.5, &[1.0, 0.0], &[2.0, 0.0], &mut weights);
/// assert_eq!(weights, [0.0, 1.0, 1.0, 1.0]);
/// ```
pub fn rank_one_sparse(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) {
    // A product that underflows leaves a zero its sign if it is added with one rounding: then −0 is no exception.
    if cfg!(feature = "fused") || !backend::add_sparse(alpha, input, deltas, weights) {
        rank_one(alpha, input, deltas, weights);
    }
}

/// The columns from `from` on in blocks of `L`; returns where the last block ends.
///
/// A function of its own for each `L`: inlined into one, their loops would compete for the same registers.
#[inline(never)]
fn blocks<L: Step>(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32], from: usize) -> usize {
    let mut from = from;
    while let Some(delta) = L::load_at(deltas, from) {
        let Some(weights) = weights.get_mut(from..) else { break };
        block(delta.times(alpha), input, deltas.len(), weights);
        from += L::WIDTH;
    }
    from
}

/// The columns that `weights` begins with, four rows at a time.
#[inline(always)]
fn block<L: Step>(step: L, input: &[f32], columns: usize, weights: &mut [f32]) {
    let columns = columns.min(LONGEST);
    let mut rest = weights;
    let (fours, singles) = input.as_chunks::<4>();
    for x in fours {
        let Some(rows) = rest.get_mut(..3 * columns + L::WIDTH) else { break };
        step.add_to_four_rows(x, rows, columns);
        rest = rest.get_mut(4 * columns..).unwrap_or_default();
    }
    for x in singles {
        let Some(old) = L::load(rest) else { break };
        old.add_times(step, *x).store(rest);
        rest = rest.get_mut(columns..).unwrap_or_default();
    }
}

/// How the columns of four rows change.
trait Step: Lanes {
    fn add_to_four_rows(self, x: &[f32; 4], rows: &mut [f32], columns: usize);
}

/// A tile of four rows: what its registers hold is loaded in one burst and stored in one.
#[inline(always)]
fn tile<L: Lanes>(step: L, x: &[f32; 4], rows: &mut [f32], columns: usize) {
    let Some(w0) = L::load(rows) else { return };
    let Some(w1) = L::load_at(rows, columns) else { return };
    let Some(w2) = L::load_at(rows, 2 * columns) else { return };
    let Some(w3) = L::load_at(rows, 3 * columns) else { return };
    load_first();
    w0.add_times(step, x[0]).store(rows);
    w1.add_times(step, x[1]).store_at(rows, columns);
    w2.add_times(step, x[2]).store_at(rows, 2 * columns);
    w3.add_times(step, x[3]).store_at(rows, 3 * columns);
}

impl Step for f32 {
    #[inline(always)]
    fn add_to_four_rows(self, x: &[f32; 4], rows: &mut [f32], columns: usize) {
        tile(self, x, rows, columns);
    }
}

impl Step for Quad {
    #[inline(always)]
    fn add_to_four_rows(self, x: &[f32; 4], rows: &mut [f32], columns: usize) {
        tile(self, x, rows, columns);
    }
}

impl<L: Step> Step for Twice<L> {
    #[inline(always)]
    fn add_to_four_rows(self, x: &[f32; 4], rows: &mut [f32], columns: usize) {
        self.0.add_to_four_rows(x, rows, columns);
        let Some(rows) = rows.get_mut(L::WIDTH..) else { return };
        self.1.add_to_four_rows(x, rows, columns);
    }
}
