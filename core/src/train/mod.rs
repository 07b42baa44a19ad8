//! The training loop and what belongs to it.
//!
//! A [`Trainer`] works in a [`Memory`] that the caller owns, so that all RAM is known before flashing. There are two ways
//! to take a step:
//!
//! | | RAM beyond parameters, optimizer state and tape | for |
//! |---|---|---|
//! | [`Fused`]: each layer's update happens right after the backward pass, the gradient is never stored | 0 | online learning, one sample at a time |
//! | [`Accumulated`]: the gradients of a mini-batch are summed, then one update | 1 × parameters | mini-batches, clipping by norm |
//!
//! Either can be taken in slices of bounded work ([`SlicedTrainer`]), so that an interrupt or a main loop goes on between them, or
//! guarded ([`GuardedTrainer`]): what diverges is turned back, with a reason that a host can read.
//!
//! In what order samples come is an iterator's business: [`Shuffle`] (a clone of which is the same order again), the orders of a
//! [`Curriculum`], or whatever yields indices. Samples that come once need no order: each is handed to
//! [`step`](Trainer::step), and a [`FadingMean`] of what it returns is the prequential error. [`drift`] says when such a stream
//! has changed; a [`Reservoir`] keeps a few samples of each class to train on again.

pub mod averaging;
mod batch_size;
mod batches;
mod budget;
mod curriculum;
mod dataset;
pub mod drift;
mod early_stopping;
mod fading_mean;
mod fingerprint;
mod fused;
mod guard;
mod hints;
mod layer_scale;
mod memory;
mod merge;
mod metrics;
mod mini_batch;
pub mod monitor;
pub mod parallel;
mod rate_sweep;
mod reservoir;
mod shuffle;
mod sliced;
mod trainer;

pub use batch_size::{BatchSize, GrowingBatch};
pub use batches::Batches;
pub use curriculum::{Curriculum, Easiest, Mixed};
pub use dataset::Dataset;
pub use early_stopping::{EarlyStopping, Verdict};
pub use fading_mean::FadingMean;
pub use fingerprint::fingerprint;
pub use guard::{Explosion, Guard, GuardedTrainer, Outcome, Reason};
pub(crate) use guard::{LEAST_SHARE, is_valid};
pub use hints::Hints;
pub use memory::{Accumulated, Fused, Memory, Mode};
pub use metrics::{ConfusionMatrix, zero_one_loss};
pub use rate_sweep::RateSweep;
pub use reservoir::Reservoir;
pub use shuffle::Shuffle;
pub use sliced::{Progress, SlicedTrainer};
pub use trainer::Trainer;
