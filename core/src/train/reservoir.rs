//! A few samples of each class, to train on again.

use crate::error::Error;
use crate::init::below;
use crate::tensor::Zero;
use heapless::Vec;
use rand_core::Rng;

/// For each of `CLASSES` classes a uniform random choice of up to `PER_CLASS` of all its samples so far, however many of them come
/// and in whatever order: what is replayed while a stream teaches something new, so that what it taught before is not forgotten.
/// *Memory:* `CLASSES`·(`PER_CLASS` samples and 8 bytes), zero at the start, so that a `static` of it takes no flash.
///
/// Classes are balanced by room of their own: a common one cannot crowd out a rare one. Each is algorithm R: the sample that
/// comes as number n takes the place of a random one with probability `PER_CLASS`/n. Source: J. S. Vitter, *Random sampling
/// with a reservoir* (1985), after A. Waterman.
///
/// ```
/// use kilograd::tensor::Zero;
/// use kilograd::train::Reservoir;
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
/// let mut reservoir = Reservoir::<u32, 2, 3>::ZERO;
/// for sample in 0..100 {
///     reservoir.observe(usize::from(sample == 50), &sample, &mut rng)?;
/// }
/// assert_eq!((reservoir.of_class(0).len(), reservoir.of_class(1)), (3, &[50][..]));
/// assert!(reservoir.draw(&mut rng).is_some_and(|(class, sample)| class == usize::from(*sample == 50)));
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reservoir<T, const CLASSES: usize, const PER_CLASS: usize> {
    pub(crate) kept: [Vec<T, PER_CLASS>; CLASSES],
    pub(crate) seen: [u32; CLASSES],
}

impl<T: Clone, const CLASSES: usize, const PER_CLASS: usize> Reservoir<T, CLASSES, PER_CLASS> {
    /// Takes in a sample of class `label`, or not; says which.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] if there is no such class.
    pub fn observe(&mut self, label: usize, sample: &T, rng: &mut impl Rng) -> Result<bool, Error> {
        let (Some(kept), Some(seen)) = (self.kept.get_mut(label), self.seen.get_mut(label)) else {
            return Err(Error::LabelOutOfRange { label, classes: CLASSES });
        };
        *seen = seen.saturating_add(1);
        if !kept.is_full() {
            return Ok(kept.push(sample.clone()).is_ok());
        }
        let place = below(*seen, rng.next_u32());
        let Some(old) = usize::try_from(place).ok().and_then(|place| kept.get_mut(place)) else { return Ok(false) };
        old.clone_from(sample);
        Ok(true)
    }

    /// A random sample of a random class, of those that have any.
    pub fn draw(&self, rng: &mut impl Rng) -> Option<(usize, &T)> {
        let classes = || self.kept.iter().enumerate().filter(|(_, kept)| !kept.is_empty());
        let (label, kept) = classes().nth(index(classes().count(), rng)?)?;
        kept.get(index(kept.len(), rng)?).map(|sample| (label, sample))
    }
}

impl<T, const CLASSES: usize, const PER_CLASS: usize> Reservoir<T, CLASSES, PER_CLASS> {
    /// What is kept of a class; nothing of one that does not exist.
    pub fn of_class(&self, label: usize) -> &[T] {
        self.kept.get(label).map_or(&[], Vec::as_slice)
    }

    /// How many samples of a class came so far.
    pub fn seen(&self, label: usize) -> u32 {
        self.seen.get(label).copied().unwrap_or(0)
    }

    /// How many samples are kept.
    pub fn len(&self) -> usize {
        self.kept.iter().map(|kept| kept.len()).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets everything, as after a drift that made it wrong.
    pub fn clear(&mut self) {
        self.kept.iter_mut().for_each(Vec::clear);
        self.seen.fill(0);
    }
}

/// A random index below `count`; `None` if that is 0.
fn index(count: usize, rng: &mut impl Rng) -> Option<usize> {
    let count = u32::try_from(count).ok().filter(|count| *count > 0)?;
    usize::try_from(below(count, rng.next_u32())).ok()
}

impl<T, const CLASSES: usize, const PER_CLASS: usize> Zero for Reservoir<T, CLASSES, PER_CLASS> {
    const ZERO: Self = Self { kept: [const { Vec::new() }; CLASSES], seen: [0; CLASSES] };
}
