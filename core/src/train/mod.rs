//! The training loop and what belongs to it.
//!
//! A [`Trainer`] works in a [`Memory`] that the caller owns, so that all RAM is known before flashing. There are two ways
//! to take a step:
//!
//! | | RAM beyond parameters, optimizer state and tape | for |
//! |---|---|---|
//! | [`Fused`]: each layer's update happens right after the backward pass, the gradient is never stored | 0 | online learning, one sample at a time |
//! | [`Accumulated`]: the gradients of a mini-batch are summed, then one update | 1 × parameters | mini-batches, clipping by norm |

mod dataset;
mod early_stopping;
mod fingerprint;
mod fused;
mod memory;
mod metrics;
mod mini_batch;
pub mod parallel;
mod shuffle;
mod trainer;

pub use dataset::Dataset;
pub use early_stopping::{EarlyStopping, Verdict};
pub use fingerprint::fingerprint;
pub use memory::{Accumulated, Fused, Memory, Mode};
pub use metrics::ConfusionMatrix;
pub use shuffle::Shuffle;
pub use trainer::Trainer;
