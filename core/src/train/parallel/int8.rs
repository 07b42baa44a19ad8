//! A byte a number.

use super::Codec;
use super::codec::{is_scale, split_scale};
use kilograd_simd::kernel;

/// How many numbers share a scale.
const GROUP: usize = 64;
/// Bytes of a scale.
const SCALE: usize = 4;
/// Below this magnitude the inverse of a scale may overflow: the group is sent as zeros and stays in the residual.
const SMALLEST: f32 = 1e-30;
/// 1.5 · 2²³. Added to a number of at most 2²², it leaves the nearest integer (ties to even) in the low bits of the sum.
const ROUND: f32 = 12_582_912.0;

/// A byte a number, and a scale for every 64: `qᵢ = round(xᵢ / s)` with `s = max |x| / 127`, read back as `s·qᵢ`.
///
/// *Format:* for every 64 numbers of a tensor (the last group may be shorter) s as `f32`, then as many `i8`. Off by s/2 at
/// most; what was lost is left in the values, for the next message (error feedback). Source: D. Alistarh et al., *QSGD* (2017),
/// with rounding to nearest instead of at random, and F. Seide et al., *1-bit stochastic gradient descent* (2014), for the feedback.
///
/// ```
/// use kilograd::train::parallel::{Codec, Int8};
///
/// let (mut values, mut message) = ([127.0, -64.25], Vec::new());
/// Int8.encode(&mut values, &mut |bytes| Ok::<(), ()>(message.extend_from_slice(bytes)))?;
/// let mut sum = [0.0; 2];
/// Int8.add(1.0, &message, &mut sum);
/// assert_eq!((message.len(), sum, values), (6, [127.0, -64.0], [0.0, -0.25]));
/// # Ok::<(), ()>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Int8;

fn groups(message: &[u8]) -> impl Iterator<Item = (f32, &[u8])> {
    message.chunks(SCALE + GROUP).filter_map(split_scale)
}

/// The nearest integer to a number of magnitude 127, at most, as a byte in two's complement.
fn round(x: f32) -> u8 {
    let [low, ..] = (x + ROUND).to_bits().to_le_bytes();
    low
}

fn widen(quantum: u8) -> f32 {
    f32::from(i8::from_le_bytes([quantum]))
}

impl Codec for Int8 {
    fn bytes(&self, count: usize) -> usize {
        count.saturating_add(count.div_ceil(GROUP).saturating_mul(SCALE))
    }

    fn encode<E>(&self, values: &mut [f32], put: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        values.chunks_mut(GROUP).try_for_each(|group| {
            let largest = kernel::max_abs(group);
            let (scale, inverse) = if largest < SMALLEST { (0.0, 0.0) } else { (largest / 127.0, 127.0 / largest) };
            put(&scale.to_le_bytes())?;
            let mut quanta = [0; GROUP];
            for (value, quantum) in group.iter_mut().zip(&mut quanta) {
                *quantum = round(*value * inverse);
                *value -= scale * widen(*quantum);
            }
            put(quanta.get(..group.len()).unwrap_or(&quanta))
        })
    }

    fn is_valid(&self, message: &[u8]) -> bool {
        groups(message).all(|(scale, _)| is_scale(scale))
    }

    fn add(&self, factor: f32, message: &[u8], values: &mut [f32]) {
        for (group, (scale, quanta)) in values.chunks_mut(GROUP).zip(groups(message)) {
            let scale = factor * scale;
            for (value, quantum) in group.iter_mut().zip(quanta) {
                *value += scale * widen(*quantum);
            }
        }
    }
}
