//! How the numbers of a message are written.

use crate::error::Error;
use crate::layer::GRADIENT_LIMIT;
use crate::tensor::Parameters;

/// Writes the numbers of one tensor as bytes and reads them back, perhaps not quite.
pub trait Codec {
    /// How many bytes `count` numbers of one tensor take.
    fn bytes(&self, count: usize) -> usize;

    /// Writes `values`, none of which exceeds [`GRADIENT_LIMIT`], to `put`, a few bytes at a time, and leaves in `values` what
    /// the bytes do not say: the value less what [`add`](Codec::add) will make of it.
    ///
    /// # Errors
    /// That of `put`, after which `values` is of no use.
    fn encode<E>(&self, values: &mut [f32], put: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E>;

    /// Whether the [`bytes`](Codec::bytes) of one tensor hold nothing infinite, NaN or above [`GRADIENT_LIMIT`].
    fn is_valid(&self, message: &[u8]) -> bool;

    /// `values ← values + factor·message`, for the bytes of one tensor.
    fn add(&self, factor: f32, message: &[u8], values: &mut [f32]);
}

/// How many bytes a message about `parameters` takes.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::parallel::{Float, Int8, Sign, message_bytes};
///
/// let network = <network![64 => 32 => Relu => 10]>::ZERO;
/// assert_eq!(message_bytes(&network, &Float), 4 * 2410);
/// assert_eq!(message_bytes(&network, &Int8), 2410 + 4 * (32 + 1 + 5 + 1));
/// assert_eq!(message_bytes(&network, &Sign), 256 + 4 + 40 + 2 + 4 * 4);
/// ```
pub fn message_bytes(parameters: &impl Parameters, codec: &impl Codec) -> usize {
    let mut bytes = 0_usize;
    parameters.visit(&mut |group| bytes = bytes.saturating_add(codec.bytes(group.len())));
    bytes
}

/// Whether a number is within what a message may hold; NaN is not.
pub(super) fn is_sound(x: f32) -> bool {
    (-GRADIENT_LIMIT..=GRADIENT_LIMIT).contains(&x)
}

/// Fails unless `message` is one about `parameters`.
pub(super) fn require_message(parameters: &impl Parameters, codec: &impl Codec, message: &[u8]) -> Result<(), Error> {
    let expected = message_bytes(parameters, codec);
    if message.len() != expected {
        return Err(Error::MessageLength { bytes: message.len(), expected });
    }
    let (mut rest, mut valid) = (message, true);
    parameters.visit(&mut |group| valid &= take(&mut rest, codec.bytes(group.len())).is_some_and(|part| codec.is_valid(part)));
    if valid { Ok(()) } else { Err(Error::MessageNotFinite) }
}

/// Adds `factor` times what `message` says to `parameters`.
pub(super) fn add_message(parameters: &mut impl Parameters, codec: &impl Codec, factor: f32, message: &[u8]) {
    let mut rest = message;
    parameters.visit_mut(&mut |group| {
        if let Some(part) = take(&mut rest, codec.bytes(group.len())) {
            codec.add(factor, part, group);
        }
    });
}

/// Takes off the first `count` bytes, if there are as many.
fn take<'m>(message: &mut &'m [u8], count: usize) -> Option<&'m [u8]> {
    let (first, rest) = message.split_at_checked(count)?;
    *message = rest;
    Some(first)
}

/// The scale that a part of a message begins with, and what follows.
pub(super) fn split_scale(message: &[u8]) -> Option<(f32, &[u8])> {
    let (scale, rest) = message.split_first_chunk()?;
    Some((f32::from_le_bytes(*scale), rest))
}

/// Whether `scale` is one that a message may begin with.
pub(super) fn is_scale(scale: f32) -> bool {
    (0.0..=GRADIENT_LIMIT).contains(&scale)
}
