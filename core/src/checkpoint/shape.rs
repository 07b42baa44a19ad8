//! A fingerprint of shapes.

use super::{Kind, Sink};
use core::fmt;
use core::hash::Hasher;
use fnv::FnvHasher;

/// The fingerprint of what is saved: FNV-1a over every section's heading and the length of every group of numbers in it. Two
/// networks with as many parameters in other layers differ; two rules that remember as much of each parameter do not
/// ([`Label`](super::Label) tells them apart).
///
/// ```
/// use kilograd::checkpoint::{Save, Weights};
/// use kilograd::prelude::*;
///
/// let (mut a, mut b) = (<network![3 => 2 => 1]>::ZERO, <network![1 => 3 => 1]>::ZERO);
/// assert_ne!(Weights(&mut a).shape(), Weights(&mut b).shape());
/// ```
#[derive(Default)]
pub struct Shape(FnvHasher);

impl Shape {
    /// The fingerprint of what was shown.
    pub fn finish(&self) -> u64 {
        self.0.finish()
    }

    /// A group of so many numbers, as [`reals`](Sink::reals) and [`words`](Sink::words) are shown them.
    pub fn group(&mut self, length: usize) {
        self.take(u32::try_from(length).unwrap_or(u32::MAX));
    }

    fn take(&mut self, word: u32) {
        self.0.write(&word.to_le_bytes());
    }
}

/// The fingerprint so far.
impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({:016x})", self.finish())
    }
}

impl Sink for Shape {
    fn section(&mut self, kind: Kind, words: usize) {
        self.take(kind.heading(words));
    }

    fn optional(&mut self, kind: Kind, words: usize, _: bool) -> bool {
        self.section(kind, words);
        true
    }

    fn reals(&mut self, values: &[f32]) {
        self.group(values.len());
    }

    fn words(&mut self, values: &[u32]) {
        self.group(values.len());
    }

    fn label(&mut self, label: u32) {
        self.take(label);
    }
}
