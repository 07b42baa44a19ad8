//! Softmax, and the logarithm of its denominator.

use super::dot::sum;
use crate::backend;
use crate::math::exp::exp_in_range;
use crate::math::ln::ln_from_one;

/// `yᵢ ← exp(xᵢ − m) / Σⱼ exp(xⱼ − m)` with m the largest of x; returns m and `ln Σⱼ exp(xⱼ − m)`, apart
/// so that a cross-entropy, `(m − xᵢ) + ln Σⱼ exp(xⱼ − m)`, keeps its digits where the logits are large.
///
/// m is not −0. Nothing overflows, whatever the logits: the largest exponent is 0. *Order:* the denominator is a
/// [`sum`](super::sum()).
///
/// ```
/// let mut y = [0.0; 2];
/// let (largest, log_sum) = kilograd_simd::kernel::softmax(&[1e4, 1e4], &mut y);
/// assert_eq!((y, largest, log_sum), ([0.5, 0.5], 1e4, 2.0_f32.ln()));
/// ```
#[inline(never)] // the constants of `exp` and `ln` would fill the caller's registers, and so its stack, all through a step
pub fn softmax(x: &[f32], y: &mut [f32]) -> (f32, f32) {
    if x.is_empty() || y.is_empty() {
        return (f32::NEG_INFINITY, f32::NEG_INFINITY);
    }
    // The sum is at least 1, of the largest, or NaN.
    if let Some((largest, sum)) = backend::softmax(x, y) {
        return (largest, ln_from_one(sum));
    }
    let length = x.len().min(y.len());
    let (x, y) = (x.get(..length).unwrap_or_default(), y.get_mut(..length).unwrap_or_default());
    let largest = x.iter().fold(f32::NEG_INFINITY, |largest, x| if *x > largest { *x } else { largest }) + 0.0;
    for (x, y) in x.iter().zip(y.iter_mut()) {
        *y = exp_in_range(*x - largest);
    }
    let denominator = sum(y);
    for y in y {
        *y /= denominator;
    }
    (largest, ln_from_one(denominator))
}

/// [`softmax`] of each row of a batch: of as many as `largest` and `log_sums`, where what it returns is written, have places. The
/// columns are what of `x` and `y` each row has.
///
/// ```
/// let (mut y, mut largest, mut log_sums) = ([0.0; 4], [0.0; 2], [0.0; 2]);
/// kilograd_simd::kernel::softmax_rows(&[1e4, 1e4, 0.0, f32::NEG_INFINITY], &mut y, &mut largest, &mut log_sums);
/// assert_eq!((y, largest, log_sums), ([0.5, 0.5, 1.0, 0.0], [1e4, 0.0], [2.0_f32.ln(), 0.0]));
/// ```
pub fn softmax_rows(x: &[f32], y: &mut [f32], largest: &mut [f32], log_sums: &mut [f32]) {
    let rows = largest.len().min(log_sums.len());
    let columns = x.len().min(y.len()).checked_div(rows).unwrap_or(0);
    let (Some(largest), Some(log_sums)) = (largest.get_mut(..rows), log_sums.get_mut(..rows)) else { return };
    let (Some(x), Some(y)) = (x.get(..rows * columns), y.get_mut(..rows * columns)) else { return };
    if columns > 0 && backend::softmax_rows(x, y, largest, log_sums).is_some() {
        return;
    }
    let (mut x, mut y) = (x, y);
    for (largest, log_sum) in largest.iter_mut().zip(log_sums) {
        let (Some((row, below)), Some((y_row, y_below))) = (x.split_at_checked(columns), y.split_at_mut_checked(columns)) else {
            return;
        };
        (*largest, *log_sum) = softmax(row, y_row);
        (x, y) = (below, y_below);
    }
}
