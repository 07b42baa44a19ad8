//! Softmax, and the logarithm of its denominator.

use super::dot::sum;
use crate::backend;
use crate::math::{exp, ln};

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
pub fn softmax(x: &[f32], y: &mut [f32]) -> (f32, f32) {
    if let Some((largest, sum)) = backend::softmax(x, y) {
        return (largest, ln(sum));
    }
    let length = x.len().min(y.len());
    let (x, y) = (x.get(..length).unwrap_or_default(), y.get_mut(..length).unwrap_or_default());
    let largest = x.iter().fold(f32::NEG_INFINITY, |largest, x| if *x > largest { *x } else { largest }) + 0.0;
    for (x, y) in x.iter().zip(y.iter_mut()) {
        *y = exp(*x - largest);
    }
    let denominator = sum(y);
    for y in y {
        *y /= denominator;
    }
    (largest, ln(denominator))
}
