//! What losses share that compare a softmax with probabilities.

use crate::error::Error;
use kilograd_simd::kernel;

/// `Σ term(tⱼ, −ln softmax(y)ⱼ)`, whose gradient is `softmax(y)·Σt − t`.
pub(super) fn of_probabilities(
    output: &[f32],
    target: &[f32],
    delta: &mut [f32],
    term: impl Fn(f32, f32) -> f32,
) -> Result<f32, Error> {
    let length = output.len().min(target.len()).min(delta.len());
    let (output, target) = (output.get(..length).unwrap_or_default(), target.get(..length).unwrap_or_default());
    let delta = delta.get_mut(..length).unwrap_or_default();
    if !target.iter().all(|t| (0.0..=1.0).contains(t)) {
        return Err(Error::TargetInvalid);
    }
    let (largest, log_sum) = kernel::softmax(output, delta);
    let total = kernel::sum(target);
    let mut loss = 0.0;
    for ((y, t), d) in output.iter().zip(target).zip(delta) {
        loss += term(*t, (largest - y) + log_sum);
        *d = *d * total - t;
    }
    Ok(loss)
}
