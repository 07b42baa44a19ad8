//! Where samples come from.

use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Vector};

/// Samples by number: in flash, in a ring buffer, behind a sensor. The whole set need never be in RAM.
///
/// ```
/// use kilograd::prelude::*;
///
/// /// Pixels from 0 to 16 and a class, as they lie in flash.
/// struct Digits(&'static [[u8; 65]]);
///
/// impl Dataset for Digits {
///     type Input = Vector<64>;
///     type Target = usize;
///
///     fn len(&self) -> usize {
///         self.0.len()
///     }
///
///     fn load(&self, index: usize, input: &mut Vector<64>) -> Result<usize, Error> {
///         let Some([pixels @ .., class]) = self.0.get(index) else { return Err(self.out_of_range(index)) };
///         for (x, pixel) in input.as_mut_slice().iter_mut().zip(pixels) {
///             *x = f32::from(*pixel) / 16.0;
///         }
///         Ok(usize::from(*class))
///     }
/// }
/// ```
pub trait Dataset {
    /// What a network is shown.
    type Input: Tensor;
    /// What it should make of it.
    type Target;

    /// How many samples there are.
    fn len(&self) -> usize;

    /// Whether there is no sample.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes sample `index` into `input` and returns its target.
    ///
    /// # Errors
    /// [`Error::SampleOutOfRange`] past the end, [`Error::SampleUnreadable`] if what it comes from fails.
    fn load(&self, index: usize, input: &mut Self::Input) -> Result<Self::Target, Error>;

    /// The error for an `index` past the end.
    fn out_of_range(&self, index: usize) -> Error {
        Error::SampleOutOfRange { index, samples: self.len() }
    }
}

/// Samples that are ready to be shown.
impl<const N: usize, T: Clone> Dataset for [(Vector<N>, T)] {
    type Input = Vector<N>;
    type Target = T;

    fn len(&self) -> usize {
        <[_]>::len(self)
    }

    fn load(&self, index: usize, input: &mut Vector<N>) -> Result<T, Error> {
        let (sample, target) = self.get(index).ok_or(self.out_of_range(index))?;
        input.copy_from(sample);
        Ok(target.clone())
    }
}

/// The same, their number known.
impl<const N: usize, const SAMPLES: usize, T: Clone> Dataset for [(Vector<N>, T); SAMPLES] {
    type Input = Vector<N>;
    type Target = T;

    fn len(&self) -> usize {
        SAMPLES
    }

    fn load(&self, index: usize, input: &mut Vector<N>) -> Result<T, Error> {
        self.as_slice().load(index, input)
    }
}
