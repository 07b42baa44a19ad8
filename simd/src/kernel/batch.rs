//! Small matrix products: the passes of a dense layer over a batch, one sample a row.

use super::transposed::settle;
use super::{matvec, matvec_transposed, rank_one};
use crate::backend::{self, Quad, Tile};
use crate::block::{LONGEST, below, four_rows, rows, rows_mut, split_four, store_four_rows};
use crate::lanes::{Four, Lanes};

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
    if backend::product(a, b, bias, c).is_some() {
        return;
    }
    let (Some(inputs), outputs) = (b.len().checked_div(bias.len()), bias.len()) else { return };
    let (mut a, mut c) = (a, c);
    while let (Some((four, rest)), true) = (split_four(a, inputs), c.len() >= 4 * outputs) {
        let Some((c_four, c_rest)) = core::mem::take(&mut c).split_at_mut_checked(4 * outputs) else { return };
        four_samples(four, b, bias, c_four);
        (a, c) = (rest, c_rest);
    }
    for (a, c) in rows(a, inputs).zip(rows_mut(c, outputs)) {
        matvec(b, a, bias, c);
    }
}

/// Four samples at a time, so that every weight is loaded once for all of them.
fn four_samples(a: [&[f32]; 4], b: &[f32], bias: &[f32], c: &mut [f32]) {
    let done = backend::sample_sums(a, b, bias, c);
    let mut from = match done {
        Some(done) => done,
        None => sample_tiles::<Tile>(a, b, bias, c, 0),
    };
    if done.is_none() && from < bias.len() {
        from = sample_tiles::<Quad>(a, b, bias, c, from);
    }
    if from < bias.len() {
        sample_tiles::<f32>(a, b, bias, c, from);
    }
}

/// The outputs of four samples from `from` on in tiles of `L`; returns where the last tile ends.
#[inline(never)]
fn sample_tiles<L: Lanes>(a: [&[f32]; 4], b: &[f32], bias: &[f32], c: &mut [f32], from: usize) -> usize {
    let (outputs, mut from) = (bias.len(), from);
    while let (Some(bias), Some(b), Some(c)) = (L::load_at(bias, from), b.get(from..), c.get_mut(from..)) {
        store_four_rows(sample_tile(a, b, outputs, bias), c, outputs);
        from += L::WIDTH;
    }
    from
}

#[inline(always)]
fn sample_tile<L: Lanes>([a0, a1, a2, a3]: [&[f32]; 4], b: &[f32], outputs: usize, bias: L) -> [L; 4] {
    let outputs = outputs.min(LONGEST);
    let (mut sums, mut rest) = ([bias; 4], b);
    let ((a0, a0_last), (a1, a1_last)) = (a0.as_chunks::<2>(), a1.as_chunks::<2>());
    let ((a2, a2_last), (a3, a3_last)) = (a2.as_chunks::<2>(), a3.as_chunks::<2>());
    for (((x0, x1), x2), x3) in a0.iter().zip(a1).zip(a2).zip(a3) {
        let Some((two, _)) = rest.split_at_checked(outputs + L::WIDTH) else { break };
        let (Some(w), Some(v)) = (L::load(two), L::load_at(two, outputs)) else { break };
        rest = rest.get(2 * outputs..).unwrap_or_default();
        sums = add_products(sums, w, [x0[0], x1[0], x2[0], x3[0]]);
        sums = add_products(sums, v, [x0[1], x1[1], x2[1], x3[1]]);
    }
    if let ([x0], [x1], [x2], [x3], Some(w)) = (a0_last, a1_last, a2_last, a3_last, L::load(rest)) {
        sums = add_products(sums, w, [*x0, *x1, *x2, *x3]);
    }
    sums
}

/// `sums[i] + w·x[i]`.
#[inline(always)]
fn add_products<L: Lanes>([s0, s1, s2, s3]: [L; 4], w: L, x: [f32; 4]) -> [L; 4] {
    [s0.add_times(w, x[0]), s1.add_times(w, x[1]), s2.add_times(w, x[2]), s3.add_times(w, x[3])]
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
    if backend::transposed_product(samples, a, b, c).is_some() {
        return;
    }
    let (Some((a, inputs)), Some((b, outputs))) = (whole_rows(a, samples), whole_rows(b, samples)) else { return };
    if backend::outer_sums(1.0, samples, a, b, c) {
        return;
    }
    let (mut c, mut from) = (c, 0);
    while from + 4 <= inputs && c.len() >= 4 * outputs {
        let Some((four, rest)) = core::mem::take(&mut c).split_at_mut_checked(4 * outputs) else { return };
        four_inputs(a.get(from..).unwrap_or_default(), inputs, b, outputs, four);
        (c, from) = (rest, from + 4);
    }
    if from < inputs && !c.is_empty() {
        for (a, b) in rows(a, inputs).zip(rows(b, outputs)) {
            rank_one(1.0, a.get(from..).unwrap_or_default(), b, c);
        }
    }
}

/// [`rank_one`] for every sample, in natural order and to the same bits: a whole step of stochastic gradient descent with a batch, if
/// `c` is the weights and α = −η (A: samples × inputs, B: samples × outputs).
///
/// ```
/// let mut weights = [1.0; 4];
/// kilograd_simd::kernel::rank_ones(-0.5, 2, &[1.0, 2.0, 3.0, 4.0], &[2.0, 0.0, 0.0, 2.0], &mut weights);
/// assert_eq!(weights, [0.0, -2.0, -1.0, -3.0]);
/// ```
pub fn rank_ones(alpha: f32, samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    let (Some((a, inputs)), Some((b, outputs))) = (whole_rows(a, samples), whole_rows(b, samples)) else { return };
    if backend::outer_sums(alpha, samples, a, b, c) {
        return;
    }
    for (a, b) in rows(a, inputs).zip(rows(b, outputs)) {
        rank_one(alpha, a, b, c);
    }
}

/// The gradient of four inputs' weights: a tile stays in registers over all samples.
fn four_inputs(a: &[f32], inputs: usize, b: &[f32], outputs: usize, c: &mut [f32]) {
    let mut from = input_tiles::<Tile>(a, inputs, b, outputs, c, 0);
    if from < outputs {
        from = input_tiles::<Quad>(a, inputs, b, outputs, c, from);
    }
    if from < outputs {
        input_tiles::<f32>(a, inputs, b, outputs, c, from);
    }
}

/// The columns of four rows of C from `from` on in tiles of `L`; returns where the last tile ends.
#[inline(never)]
fn input_tiles<L: Lanes>(a: &[f32], inputs: usize, b: &[f32], outputs: usize, c: &mut [f32], from: usize) -> usize {
    let mut from = from;
    while from + L::WIDTH <= outputs {
        let (Some(b), Some(c)) = (b.get(from..), c.get_mut(from..)) else { break };
        let Some(old) = four_rows::<L>(c, outputs) else { break };
        store_four_rows(input_tile(a, inputs, b, outputs, old), c, outputs);
        from += L::WIDTH;
    }
    from
}

#[inline(always)]
fn input_tile<L: Lanes>(a: &[f32], inputs: usize, b: &[f32], outputs: usize, old: [L; 4]) -> [L; 4] {
    let (mut sums, mut a, mut b) = (old, a, b);
    while let (Some(x), Some(d)) = (four_rows::<Four>(a, inputs), four_rows::<L>(b, outputs)) {
        sums = add_products(sums, d[0], x[0].to_array());
        sums = add_products(sums, d[1], x[1].to_array());
        sums = add_products(sums, d[2], x[2].to_array());
        sums = add_products(sums, d[3], x[3].to_array());
        (a, b) = (below(a, 4, inputs), below(b, 4, outputs));
    }
    while let (Some(x), Some(d)) = (a.first_chunk(), L::load(b)) {
        sums = add_products(sums, d, *x);
        (a, b) = (below(a, 1, inputs), below(b, 1, outputs));
    }
    sums
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
    if backend::product_transposed(samples, a, b, c) == Some(true) {
        settle(c);
        return;
    }
    let Some((a, outputs)) = whole_rows(a, samples) else { return };
    let Some(inputs) = c.len().checked_div(samples) else { return };
    // Cut to the samples, `a` has no row for what `c` may have left over.
    for (a, c) in rows(a, outputs).zip(rows_mut(c, inputs)) {
        matvec_transposed(b, a, c);
    }
}

/// As many elements as `samples` rows of one width have, and that width: what is left over is no row of any sample.
#[inline(always)]
fn whole_rows(matrix: &[f32], samples: usize) -> Option<(&[f32], usize)> {
    let columns = matrix.len().checked_div(samples)?;
    Some((matrix.get(..samples * columns)?, columns))
}
