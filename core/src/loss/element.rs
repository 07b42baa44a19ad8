//! What losses share that are a mean over elements.

use crate::error::Error;
use crate::tensor::count;

/// The mean of a term of every output and its target; `term` returns it and its derivative.
pub(super) fn by_element(
    output: &[f32],
    target: &[f32],
    delta: &mut [f32],
    is_valid: impl Fn(f32) -> bool,
    term: impl Fn(f32, f32) -> (f32, f32),
) -> Result<f32, Error> {
    let count = count(output.len().min(target.len()).min(delta.len()));
    let mut sum = 0.0;
    for ((y, t), d) in output.iter().zip(target).zip(delta) {
        if !is_valid(*t) {
            return Err(Error::TargetInvalid);
        }
        let (loss, derivative) = term(*y, *t);
        sum += loss;
        *d = derivative / count;
    }
    Ok(sum / count)
}
