//! Training that survives a power cut: everything it remembers, as bytes and in flash.
//!
//! A run that is cut and resumed from its checkpoint ends in the same bits as one that was not. What is saved is said by a
//! tuple of references: the [`Memory`](crate::train::Memory) with parameters, optimizer state, step counter, the part of a
//! batch that was accumulated and what layers count (the masks of dropout); beside it whatever else the program's next step
//! depends on: the random generator, the [`Shuffle`](crate::train::Shuffle) of an epoch that has begun, a
//! [`Plateau`](crate::optim::schedule::Plateau) (all other schedules follow from the step), plain counters. A trainer stands for
//! its memory, a [`GuardedTrainer`](crate::train::GuardedTrainer) for its memory, its best network and how it stands:
//!
//! ```
//! use kilograd::checkpoint;
//! use kilograd::prelude::*;
//! use kilograd::train::drift::{PageHinkley, PageHinkleySettings};
//! use kilograd::train::{Guard, GuardedTrainer, Reservoir};
//! use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
//!
//! type Net = network![2 => 4 => Relu => 3];
//! let (mut memory, mut best) = (Memory::<Net, Momentum>::ZERO, Net::ZERO);
//! let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::DEFAULT, 0.1)?;
//! let mut guarded = GuardedTrainer::new(trainer, &mut best, Guard::DEFAULT)?;
//! let mut drift = PageHinkley::new(PageHinkleySettings::DEFAULT)?;
//! let mut kept = Reservoir::<Vector<2>, 3, 4>::ZERO;
//! let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
//!
//! let mut bytes = [0; 1024];
//! let length = checkpoint::to_bytes(&(&guarded, &drift, &kept, &rng), 1, &mut bytes).unwrap();
//! // After a reset, everything made anew as above:
//! checkpoint::from_bytes(&mut (&mut guarded, &mut drift, &mut kept, &mut rng), &bytes[..length]).unwrap();
//! # Ok::<(), Error>(())
//! ```
//!
//! A [`SlicedTrainer`](crate::train::SlicedTrainer) shows its trainer between two steps. An order that cannot be saved (that of a
//! [`Curriculum`](crate::train::Curriculum), of [`Batches`](crate::train::Batches)) is drawn again: save the generator as it was when the
//! epoch began, and how much of the order has come.
//!
//! ```
//! use kilograd::checkpoint;
//! use kilograd::prelude::*;
//! use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
//!
//! type Ram = Memory<network![2 => 4 => Tanh => 1], Adam>;
//! let samples = [(Vector::new([0.0, 1.0]), Vector::new([1.0])), (Vector::new([1.0, 1.0]), Vector::new([0.0]))];
//! let train = |memory: &mut Ram, order: &mut Shuffle| {
//!     Trainer::new(memory, MeanSquaredError, Adam::DEFAULT, 0.1)?.epoch(&samples[..], order.take(1))
//! };
//!
//! let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
//! let mut memory = Ram::ZERO;
//! memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
//! let mut order = Shuffle::new(samples.len(), &mut rng);
//! train(&mut memory, &mut order)?;
//!
//! // In the middle of an epoch; to flash instead: `Slots`.
//! let mut bytes = [0; 512];
//! let length = checkpoint::to_bytes(&(&memory, &order, &rng), 1, &mut bytes).unwrap();
//! train(&mut memory, &mut order)?;
//!
//! let (mut resumed, mut rest, mut generator) = (Ram::ZERO, Shuffle::new(0, &mut rng), rng.clone());
//! checkpoint::from_bytes(&mut (&mut resumed, &mut rest, &mut generator), &bytes[..length]).unwrap();
//! train(&mut resumed, &mut rest)?;
//! assert_eq!(resumed.network, memory.network);
//! # Ok::<(), Error>(())
//! ```
//!
//! Settings (of the loss, the rule, the schedule, the layers: a rate of dropout, the slope of a leaky ReLU) are the
//! program's and are not saved: a resumed program says them again, or changes them. Numbers that no program saves (a best loss
//! that is NaN), behind a checksum that holds, are taken for nothing known yet: whatever was restored trains on.
//!
//! The bytes are the same in flash, in RAM and in a file: a header of 32 bytes, then sections of 32-bit little-endian words.
//! docs/checkpoint-format.md says how they are laid out. The header holds a version, a fingerprint of all shapes, a sequence
//! number and checksums, and is **written last**: until then what was saved before stands. What is torn, damaged, of another
//! version or of another shape is refused with an [`Error`] that says which, before anything has changed.
//!
//! | | |
//! |---|---|
//! | [`Slots`] | two places in a NOR flash, used in turn: [`save`](Slots::save), [`load`](Slots::load), and [`begin`](Slots::begin) to save in short slices |
//! | [`to_bytes`], [`from_bytes`] | the same as a slice of bytes |
//! | [`size`] | how many bytes: a constant |
//! | [`Save`], [`Restore`] | what can be saved; [`Weights`] is a network alone, [`Label`] tells apart what has the same shape |

mod bytes;
mod error;
mod header;
mod image;
mod pack;
mod parts;
mod saved;
mod saving;
mod shape;
mod slots;
mod streams;

pub use bytes::{from_bytes, inspect, to_bytes};
pub use error::Error;
pub use header::{HEADER, Header, MAGIC, VERSION};
pub use parts::{Label, Weights};
pub use saved::{Kind, Restore, Save, Sink, Source};
pub use saving::{Progress, Saving};
pub use shape::Shape;
pub use slots::Slots;

/// How many bytes a checkpoint of `S` takes at most. A flash needs twice that, each rounded up to whole pages.
///
/// ```
/// use kilograd::checkpoint;
/// use kilograd::prelude::*;
///
/// type Net = network![64 => 32 => Relu => 10];
/// const BYTES: usize = checkpoint::size::<Memory<Net, Adam>>();
/// // Parameters and two moments, 13 words of counters and section headings, the header.
/// assert_eq!(BYTES, 3 * 9_640 + 4 * 9 + 32);
/// ```
pub const fn size<S: Save>() -> usize {
    HEADER + 4 * S::WORDS
}
