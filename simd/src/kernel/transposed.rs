//! A dense layer's gradient with respect to its inputs, one sample.

use crate::backend::{self, Quad};
use crate::block::{LONGEST, rows};
use crate::lanes::Lanes;
use crate::math::multiply_add;

/// `xᵢ ← Σⱼ Wᵢⱼ·dⱼ`, with W input-major (`output.len()` rows of `deltas.len()`).
///
/// *Order:* four lanes for each output, element j in lane j mod 4, each in natural order from +0; then (l₀ + l₂) + (l₁ + l₃).
/// A sum of zero is +0.
///
/// ```
/// let weights = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
/// let mut x = [0.0; 2];
/// kilograd_simd::kernel::matvec_transposed(&weights, &[1.0, 1.0, 0.5], &mut x);
/// assert_eq!(x, [4.5, 45.0]);
/// ```
pub fn matvec_transposed(weights: &[f32], deltas: &[f32], output: &mut [f32]) {
    if deltas.is_empty() {
        return;
    }
    if backend::matvec_transposed(weights, deltas, output) != Some(true) {
        dot_all(weights, deltas, output);
    }
    let rows = weights.len().checked_div(deltas.len()).unwrap_or(0);
    settle(output.get_mut(..rows.min(output.len())).unwrap_or_default());
}

/// With one rounding, products that underflow leave a lane at −0, and whether an empty lane is added to it is each backend's
/// choice: a sum of zero is +0. With two no lane is −0, because each began with +0.
#[inline(always)]
pub(super) fn settle(output: &mut [f32]) {
    if cfg!(feature = "fused") {
        output.iter_mut().for_each(|x| *x += 0.0);
    }
}

#[inline(always)]
fn dot_all(weights: &[f32], deltas: &[f32], output: &mut [f32]) {
    let done = match backend::dot_rows(weights, deltas, output) {
        Some(done) => done,
        None => dot_fours(weights, deltas, output),
    };
    if done < output.len() {
        dot_ones(weights, deltas, output, done);
    }
}

/// The rows from `done` on, one by one; apart, so that where there are none nothing is spent on them.
#[inline(never)]
fn dot_ones(weights: &[f32], deltas: &[f32], output: &mut [f32], done: usize) {
    let columns = deltas.len().min(LONGEST);
    let (weights, output) = (weights.get(done * columns..).unwrap_or_default(), output.get_mut(done..).unwrap_or_default());
    for (output, row) in output.iter_mut().zip(rows(weights, columns)) {
        *output = dot_one(row, deltas);
    }
}

/// `(l₀ + l₂) + (l₁ + l₃)`: the order in which the four lanes meet.
#[inline(always)]
fn join([l0, l1, l2, l3]: [f32; 4]) -> f32 {
    (l0 + l2) + (l1 + l3)
}

/// One row.
#[inline(always)]
fn dot_one(row: &[f32], deltas: &[f32]) -> f32 {
    let ((w, w_tail), (d, d_tail)) = (row.as_chunks::<4>(), deltas.as_chunks::<4>());
    let mut lanes = Quad::splat(0.0);
    for (w, d) in w.iter().zip(d) {
        let (Some(w), Some(d)) = (Quad::load(w), Quad::load(d)) else { break };
        lanes = lanes.add_product(w, d);
    }
    let mut lanes = lanes.to_array();
    for ((lane, w), d) in lanes.iter_mut().zip(w_tail).zip(d_tail) {
        *lane = multiply_add(*w, *d, *lane);
    }
    join(lanes)
}

/// The rows while there are four; returns how many that were.
#[inline(always)]
fn dot_fours(weights: &[f32], deltas: &[f32], output: &mut [f32]) -> usize {
    let columns = deltas.len().min(LONGEST);
    let (mut rest, mut done) = (weights, 0);
    for four in output.as_chunks_mut().0 {
        let Some((rows, after)) = rest.split_at_checked(4 * columns) else { break };
        *four = dot_four(rows, deltas);
        (rest, done) = (after, done + 4);
    }
    done
}

/// Four rows at a time: 16 running sums, and every delta loaded once for all of them.
#[inline(always)]
fn dot_four(rows: &[f32], deltas: &[f32]) -> [f32; 4] {
    let columns = deltas.len().min(LONGEST);
    let (mut sums, mut rest) = ([Quad::splat(0.0); 4], rows);
    let (eights, tail) = deltas.as_chunks::<8>();
    for d in eights {
        let Some(block) = rest.get(..3 * columns + 8) else { break };
        sums = add_products(sums, block, columns, d, 0);
        sums = add_products(sums, block, columns, d, 4);
        rest = rest.get(8..).unwrap_or_default();
    }
    let (fours, tail) = tail.as_chunks::<4>();
    for d in fours {
        let Some(block) = rest.get(..3 * columns + 4) else { break };
        sums = add_products(sums, block, columns, d, 0);
        rest = rest.get(4..).unwrap_or_default();
    }
    join_with_tail(sums, rest, columns, tail)
}

/// Four columns of four rows.
#[inline(always)]
fn add_products([s0, s1, s2, s3]: [Quad; 4], rows: &[f32], columns: usize, deltas: &[f32], at: usize) -> [Quad; 4] {
    let sums = [s0, s1, s2, s3];
    let (Some(d), Some(w0)) = (Quad::load_at(deltas, at), Quad::load_at(rows, at)) else { return sums };
    let (Some(w1), Some(w2)) = (Quad::load_at(rows, columns + at), Quad::load_at(rows, 2 * columns + at)) else { return sums };
    let Some(w3) = Quad::load_at(rows, 3 * columns + at) else { return sums };
    [s0.add_product(w0, d), s1.add_product(w1, d), s2.add_product(w2, d), s3.add_product(w3, d)]
}

/// Adds the last, fewer than four columns to their lanes; the lanes past the end add nothing.
#[inline(always)]
fn join_with_tail(sums: [Quad; 4], rows: &[f32], columns: usize, deltas: &[f32]) -> [f32; 4] {
    let [s0, s1, s2, s3] = sums;
    let (mut s0, mut s1, mut s2, mut s3) = (s0.to_array(), s1.to_array(), s2.to_array(), s3.to_array());
    if let Some((d, w0, w1, w2, w3)) = column(rows, columns, deltas, 0) {
        (s0[0], s1[0]) = (multiply_add(w0, d, s0[0]), multiply_add(w1, d, s1[0]));
        (s2[0], s3[0]) = (multiply_add(w2, d, s2[0]), multiply_add(w3, d, s3[0]));
    }
    if let Some((d, w0, w1, w2, w3)) = column(rows, columns, deltas, 1) {
        (s0[1], s1[1]) = (multiply_add(w0, d, s0[1]), multiply_add(w1, d, s1[1]));
        (s2[1], s3[1]) = (multiply_add(w2, d, s2[1]), multiply_add(w3, d, s3[1]));
    }
    if let Some((d, w0, w1, w2, w3)) = column(rows, columns, deltas, 2) {
        (s0[2], s1[2]) = (multiply_add(w0, d, s0[2]), multiply_add(w1, d, s1[2]));
        (s2[2], s3[2]) = (multiply_add(w2, d, s2[2]), multiply_add(w3, d, s3[2]));
    }
    [join(s0), join(s1), join(s2), join(s3)]
}

/// One delta, and four rows' weights that it goes with.
#[inline(always)]
fn column(rows: &[f32], columns: usize, deltas: &[f32], at: usize) -> Option<(f32, f32, f32, f32, f32)> {
    let d = f32::load_at(deltas, at)?;
    let (w0, w1) = (f32::load_at(rows, at)?, f32::load_at(rows, columns + at)?);
    let (w2, w3) = (f32::load_at(rows, 2 * columns + at)?, f32::load_at(rows, 3 * columns + at)?);
    Some((d, w0, w1, w2, w3))
}
