//! How well a classifier does.

use crate::error::Error;
use crate::tensor::{Vector, to_f32};
use core::fmt;

/// How often each class was taken for which. *Memory:* 4·CLASSES² bytes.
///
/// ```
/// use kilograd::train::ConfusionMatrix;
///
/// let mut confusion = ConfusionMatrix::<2>::new();
/// for (label, predicted) in [(0, 0), (0, 1), (1, 1), (1, 1)] {
///     confusion.record(label, predicted)?;
/// }
/// assert_eq!((confusion.correct(), confusion.total(), confusion.accuracy()), (3, 4, 0.75));
/// assert_eq!(confusion.count(0, 1), 1);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ConfusionMatrix<const CLASSES: usize> {
    counts: [[u32; CLASSES]; CLASSES],
}

impl<const CLASSES: usize> ConfusionMatrix<CLASSES> {
    /// Nothing counted yet.
    pub const fn new() -> Self {
        Self { counts: [[0; CLASSES]; CLASSES] }
    }

    /// Counts one sample of class `label` that was taken for class `predicted`.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] if there is no such class.
    pub fn record(&mut self, label: usize, predicted: usize) -> Result<(), Error> {
        let out_of_range = |label| Error::LabelOutOfRange { label, classes: CLASSES };
        let row = self.counts.get_mut(label).ok_or(out_of_range(label))?;
        let count = row.get_mut(predicted).ok_or(out_of_range(predicted))?;
        *count = count.saturating_add(1);
        Ok(())
    }

    /// Counts one sample by the network's output for it: the largest is the class.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] for the label, [`Error::LossNotFinite`] if an output is NaN.
    pub fn record_output(&mut self, label: usize, output: &Vector<CLASSES>) -> Result<(), Error> {
        self.record(label, output.argmax().ok_or(Error::LossNotFinite)?)
    }

    /// How often class `label` was taken for class `predicted`; 0 for classes that do not exist.
    pub fn count(&self, label: usize, predicted: usize) -> u32 {
        self.counts.get(label).and_then(|row| row.get(predicted)).copied().unwrap_or_default()
    }

    /// How many samples were counted.
    pub fn total(&self) -> u32 {
        self.counts.as_flattened().iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many were taken for what they are.
    pub fn correct(&self) -> u32 {
        (0..CLASSES).fold(0, |sum, class| sum.saturating_add(self.count(class, class)))
    }

    /// The share that was taken for what it is; 0 if nothing was counted.
    pub fn accuracy(&self) -> f32 {
        to_f32(self.correct()) / to_f32(self.total().max(1))
    }
}

/// The 0-1 loss: 0 if the largest of the outputs is the label's, else 1 (also where an output is NaN). What is wanted of a
/// classifier, and cannot be descended; a surrogate such as the cross-entropy is trained in its place.
///
/// Source: *Deep Learning*, section 8.1.2. Both come from one forward pass:
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::zero_one_loss;
///
/// let mut memory = Memory::<network![1 => 2], Sgd>::ZERO;
/// let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.1)?;
/// let surrogate = trainer.step(&[1.0].into(), &1)?;
/// assert_eq!((surrogate, zero_one_loss(trainer.output(), 1)), (2.0_f32.ln(), 1.0));
/// # Ok::<(), Error>(())
/// ```
pub fn zero_one_loss<const CLASSES: usize>(output: &Vector<CLASSES>, label: usize) -> f32 {
    if output.argmax() == Some(label) { 0.0 } else { 1.0 }
}

impl<const CLASSES: usize> Default for ConfusionMatrix<CLASSES> {
    fn default() -> Self {
        Self::new()
    }
}

/// A row a class, a column for what it was taken for.
impl<const CLASSES: usize> fmt::Display for ConfusionMatrix<CLASSES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.counts {
            for count in row {
                write!(f, "{count:5}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
