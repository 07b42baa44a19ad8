//! A bit a number.

use super::Codec;
use super::codec::{is_scale, split_scale};
use crate::layer::GRADIENT_LIMIT;
use crate::tensor::count;
use kilograd_simd::kernel;

/// A bit a number, and a scale for every tensor: `s·sign(xᵢ)` with `s = Σ|x| / n`, the mean magnitude.
///
/// *Format:* for every tensor s as `f32`, then a byte for every eight numbers, the first in the lowest bit, 1 for a number below
/// zero; bits after the last number are zero and not looked at. What was lost, most of it, is left in the values for the next
/// message: without this error feedback signs alone need not converge. Source: F. Seide et al., *1-bit stochastic gradient
/// descent* (2014); S. P. Karimireddy et al., *Error feedback fixes SignSGD* (2019).
///
/// ```
/// use kilograd::train::parallel::{Codec, Sign};
///
/// let (mut values, mut message) = ([3.0, -1.0], Vec::new());
/// Sign.encode(&mut values, &mut |bytes| Ok::<(), ()>(message.extend_from_slice(bytes)))?;
/// let mut sum = [0.0; 2];
/// Sign.add(1.0, &message, &mut sum);
/// assert_eq!((message.len(), sum, values), (5, [2.0, -2.0], [1.0, 1.0]));
/// # Ok::<(), ()>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sign;

/// `scale`, with the sign that the lowest bit of `bits` says.
fn signed(scale: f32, bits: u8) -> f32 {
    if bits & 1 == 1 { -scale } else { scale }
}

impl Codec for Sign {
    fn bytes(&self, count: usize) -> usize {
        count.div_ceil(8).saturating_add(if count > 0 { 4 } else { 0 })
    }

    fn encode<E>(&self, values: &mut [f32], put: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        if values.is_empty() {
            return Ok(());
        }
        let mean = kernel::sum_of_magnitudes(values) / count(values.len());
        // Rounding may carry the mean of values at the limit past it, and then nobody would take the message.
        let scale = if mean > GRADIENT_LIMIT { GRADIENT_LIMIT } else { mean };
        put(&scale.to_le_bytes())?;
        values.chunks_mut(8).try_for_each(|eight| {
            let mut bits = 0;
            for (place, value) in eight.iter_mut().enumerate() {
                let sign = u8::from(*value < 0.0);
                bits |= sign << place;
                *value -= signed(scale, sign);
            }
            put(&[bits])
        })
    }

    fn is_valid(&self, message: &[u8]) -> bool {
        split_scale(message).is_none_or(|(scale, _)| is_scale(scale))
    }

    fn add(&self, factor: f32, message: &[u8], values: &mut [f32]) {
        let Some((scale, bytes)) = split_scale(message) else { return };
        let scale = factor * scale;
        for (eight, byte) in values.chunks_mut(8).zip(bytes) {
            for (place, value) in eight.iter_mut().enumerate() {
                *value += signed(scale, byte >> place);
            }
        }
    }
}
