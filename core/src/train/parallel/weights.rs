//! Weights on their way to the workers.

use super::codec::is_sound;
use crate::error::Error;
use crate::tensor::Parameters;

/// Writes every parameter, four bytes each, to `put`.
///
/// # Errors
/// That of `put`.
///
/// ```
/// use kilograd::tensor::{Vector, Zero};
/// use kilograd::train::parallel::{receive, send};
///
/// let mut line = Vec::new();
/// send(&Vector::new([1.5, -0.0]), &mut |bytes| Ok::<(), ()>(line.extend_from_slice(bytes)))?;
/// let mut network = Vector::ZERO;
/// // Any part of it is enough to go on with.
/// assert_eq!(receive(&mut network, 0, &line[..4]), Ok(1));
/// assert_eq!(receive(&mut network, 1, &line[4..]), Ok(2));
/// assert_eq!(network, Vector::new([1.5, 0.0]));
/// # Ok::<(), ()>(())
/// ```
pub fn send<E>(network: &impl Parameters, put: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
    let mut result = Ok(());
    network.visit(&mut |group| {
        if result.is_ok() {
            result = group.iter().try_for_each(|weight| put(&weight.to_le_bytes()));
        }
    });
    result
}

/// Sets the parameters from number `first` on to those in `bytes`, a part of what [`send`] wrote, and returns the number of
/// the one that should come next: once that is [`Parameters::COUNT`], all have come.
///
/// # Errors
/// [`Error::MessageLength`] if `bytes` is no whole number of parameters or holds more than are left,
/// [`Error::MessageNotFinite`] for what no weight should be. The network is then as it was.
pub fn receive<N: Parameters>(network: &mut N, first: usize, bytes: &[u8]) -> Result<usize, Error> {
    let (numbers, rest) = bytes.as_chunks();
    let left = N::COUNT.saturating_sub(first);
    if !rest.is_empty() || numbers.len() > left {
        return Err(Error::MessageLength { bytes: bytes.len(), expected: left.saturating_mul(4) });
    }
    let mut numbers = numbers.iter().map(|number| f32::from_le_bytes(*number));
    if !numbers.clone().all(is_sound) {
        return Err(Error::MessageNotFinite);
    }
    let (mut skip, next) = (first, first.saturating_add(numbers.len()));
    network.visit_mut(&mut |group| {
        let skipped = skip.min(group.len());
        skip -= skipped;
        for (weight, number) in group.iter_mut().skip(skipped).zip(&mut numbers) {
            *weight = number;
        }
    });
    Ok(next)
}
