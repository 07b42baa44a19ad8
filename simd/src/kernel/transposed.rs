//! A dense layer's gradient with respect to its inputs, one sample.

use super::dot::{dot, join, load_tail};
use crate::block::{load, rows};
use wide::f32x4;

/// `xᵢ ← Σⱼ Wᵢⱼ·dⱼ`, with W input-major (`output.len()` rows of `deltas.len()`).
///
/// *Order:* each output is a [`dot`](super::dot()) of a row and `deltas`.
///
/// ```
/// let weights = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
/// let mut x = [0.0; 2];
/// kilograd_simd::kernel::matvec_transposed(&weights, &[1.0, 1.0, 0.5], &mut x);
/// assert_eq!(x, [4.5, 45.0]);
/// ```
pub fn matvec_transposed(weights: &[f32], deltas: &[f32], output: &mut [f32]) {
    let columns = deltas.len();
    let (blocks, singles) = output.as_chunks_mut::<4>();
    let mut rest = weights;
    for output in blocks {
        let Some((rows, after)) = rest.split_at_checked(4 * columns) else { return };
        four_rows(rows, deltas, output);
        rest = after;
    }
    for (output, row) in singles.iter_mut().zip(rows(rest, columns)) {
        *output = dot(row, deltas);
    }
}

/// Four rows at a time: 16 running sums, and every delta loaded once for all of them.
#[inline(always)]
fn four_rows(rows: &[f32], deltas: &[f32], output: &mut [f32; 4]) {
    let columns = deltas.len();
    let (d, d_tail) = deltas.as_chunks::<4>();
    let (first, second) = rows.split_at_checked(2 * columns).unwrap_or((&[], &[]));
    let (r0, r1) = first.split_at_checked(columns).unwrap_or((&[], &[]));
    let (r2, r3) = second.split_at_checked(columns).unwrap_or((&[], &[]));
    let [(r0, t0), (r1, t1), (r2, t2), (r3, t3)] = [r0, r1, r2, r3].map(<[f32]>::as_chunks::<4>);
    let mut sums = [f32x4::splat(0.0); 4];
    for ((((d, r0), r1), r2), r3) in d.iter().zip(r0).zip(r1).zip(r2).zip(r3) {
        let d = load(d);
        for (sum, row) in sums.iter_mut().zip([r0, r1, r2, r3]) {
            *sum += load(row) * d;
        }
    }
    if !d_tail.is_empty() {
        let d = load_tail(d_tail);
        for (sum, tail) in sums.iter_mut().zip([t0, t1, t2, t3]) {
            *sum += load_tail(tail) * d;
        }
    }
    *output = sums.map(join);
}
