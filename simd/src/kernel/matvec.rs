//! A dense layer's forward product, one sample.

use crate::block::{load, store};
use wide::f32x4;

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
    let columns = output.len();
    let length = columns.min(bias.len());
    let (Some(bias), Some(output)) = (bias.get(..length), output.get_mut(..length)) else { return };
    let mut from = 0;
    let ((bias, bias_rest), (output, output_rest)) = (bias.as_chunks::<16>(), output.as_chunks_mut::<16>());
    for (bias, output) in bias.iter().zip(output) {
        block::<16, 4>(weights.get(from..).unwrap_or(&[]), columns, input, bias, output);
        from += 16;
    }
    let ((bias, bias_rest), (output, output_rest)) = (bias_rest.as_chunks::<4>(), output_rest.as_chunks_mut::<4>());
    for (bias, output) in bias.iter().zip(output) {
        block::<4, 1>(weights.get(from..).unwrap_or(&[]), columns, input, bias, output);
        from += 4;
    }
    for (bias, output) in bias_rest.iter().zip(output_rest) {
        *output = column(weights.get(from..).unwrap_or(&[]), columns, input, *bias);
        from += 1;
    }
}

/// `N` neighbouring outputs (four times `VECTORS`); `weights` begins at the first one's weight for input 0.
#[inline(always)]
fn block<const N: usize, const VECTORS: usize>(
    weights: &[f32],
    columns: usize,
    input: &[f32],
    bias: &[f32; N],
    output: &mut [f32; N],
) {
    let mut sums = [f32x4::splat(0.0); VECTORS];
    for (sum, bias) in sums.iter_mut().zip(bias.as_chunks::<4>().0) {
        *sum = load(bias);
    }
    let mut rest = weights;
    for x in input {
        let Some(row) = rest.first_chunk::<N>() else { break };
        let x = f32x4::splat(*x);
        for (sum, weights) in sums.iter_mut().zip(row.as_chunks::<4>().0) {
            *sum += x * load(weights);
        }
        rest = rest.get(columns..).unwrap_or(&[]);
    }
    for (sum, output) in sums.iter().zip(output.as_chunks_mut::<4>().0) {
        store(*sum, output);
    }
}

/// One output.
#[inline(always)]
fn column(weights: &[f32], columns: usize, input: &[f32], bias: f32) -> f32 {
    let mut sum = bias;
    let mut rest = weights;
    for x in input {
        let Some(weight) = rest.first() else { break };
        sum += x * weight;
        rest = rest.get(columns..).unwrap_or(&[]);
    }
    sum
}
