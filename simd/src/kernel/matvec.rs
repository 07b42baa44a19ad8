//! A dense layer's forward product, one sample.

use crate::backend::{self, Quad, Widest};
use crate::block::{below, common_rows, four_rows};
use crate::lanes::Lanes;

/// `yⱼ ← bⱼ + Σᵢ xᵢ·Wᵢⱼ`, with W input-major (`input.len()` rows of `output.len()`).
///
/// *Order:* one running sum per output, from the bias, over the inputs in natural order.
///
/// ```
/// let weights = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
/// let mut y = [0.0; 3];
/// kilograd_simd::kernel::matvec(&weights, &[1.0, 0.5], &[0.5; 3], &mut y);
/// assert_eq!(y, [6.5, 12.5, 18.5]);
/// ```
pub fn matvec(weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) {
    if backend::matvec(weights, input, bias, output).is_some() {
        return;
    }
    if backend::add_rows(weights, input, bias, output) {
        return;
    }
    let columns = output.len();
    let length = columns.min(bias.len());
    let (Some(bias), Some(output)) = (bias.get(..length), output.get_mut(..length)) else { return };
    let (weights, input) = common_rows(weights, columns, input);
    let mut from = blocks::<Widest>(weights, columns, input, bias, output, 0);
    if from < length {
        from = blocks::<Quad>(weights, columns, input, bias, output, from);
    }
    if from < length {
        blocks::<f32>(weights, columns, input, bias, output, from);
    }
}

/// The outputs from `from` on in blocks of `L`; returns where the last block ends.
///
/// A function of its own for each `L`: inlined into one, their loops would compete for the same registers.
#[inline(never)]
fn blocks<L: Lanes>(weights: &[f32], columns: usize, input: &[f32], bias: &[f32], output: &mut [f32], from: usize) -> usize {
    let mut from = from;
    while let (Some(sums), Some(output)) = (L::load_at(bias, from), output.get_mut(from..)) {
        let weights = weights.get(from..).unwrap_or_default();
        add_products(sums, weights, columns, input).store(output);
        from += L::WIDTH;
    }
    from
}

/// Four inputs at a time, so that loads come in bursts.
#[inline(always)]
fn add_products<L: Lanes>(sums: L, weights: &[f32], columns: usize, input: &[f32]) -> L {
    let (mut sums, mut rest) = (sums, weights);
    let (fours, singles) = input.as_chunks::<4>();
    for x in fours {
        let Some([w0, w1, w2, w3]) = four_rows::<L>(rest, columns) else { break };
        rest = below(rest, 4, columns);
        sums = sums.add_times(w0, x[0]).add_times(w1, x[1]).add_times(w2, x[2]).add_times(w3, x[3]);
    }
    for x in singles {
        let Some(w) = L::load(rest) else { break };
        rest = below(rest, 1, columns);
        sums = sums.add_times(w, *x);
    }
    sums
}
