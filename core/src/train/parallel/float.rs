//! Every bit of every number.

use super::Codec;
use super::codec::is_sound;

/// Four bytes a number, nothing lost: federated averaging as it was first described.
///
/// ```
/// use kilograd::train::parallel::{Codec, Float};
///
/// let (mut values, mut message) = ([0.1, -2.0], Vec::new());
/// Float.encode(&mut values, &mut |bytes| Ok::<(), ()>(message.extend_from_slice(bytes)))?;
/// let mut sum = [1.0, 1.0];
/// Float.add(0.5, &message, &mut sum);
/// assert_eq!((values, sum), ([0.0, 0.0], [1.05, 0.0]));
/// # Ok::<(), ()>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Float;

fn numbers(message: &[u8]) -> impl Iterator<Item = f32> + '_ {
    message.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes))
}

impl Codec for Float {
    fn bytes(&self, count: usize) -> usize {
        count.saturating_mul(4)
    }

    fn encode<E>(&self, values: &mut [f32], put: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        values.iter_mut().try_for_each(|value| {
            put(&value.to_le_bytes())?;
            *value = 0.0;
            Ok(())
        })
    }

    fn is_valid(&self, message: &[u8]) -> bool {
        numbers(message).all(is_sound)
    }

    fn add(&self, factor: f32, message: &[u8], values: &mut [f32]) {
        for (value, number) in values.iter_mut().zip(numbers(message)) {
            *value += factor * number;
        }
    }
}
