//! What a server and its workers say.
//!
//! ```text
//! server  Join                       Weights … Weights, Train                          … Stop
//! worker        Ready                                          Delta … Delta, Done
//! ```

use serde::{Deserialize, Serialize};

/// The version of these messages; a worker refuses any other.
pub const VERSION: u8 = 1;
/// The most bytes of weights or deltas in one message.
pub const PART: usize = 240;

/// How deltas are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Compression {
    /// Four bytes a parameter.
    Float,
    /// A byte a parameter, and scales.
    Int8,
    /// A bit a parameter, and scales.
    Sign,
}

/// What a worker is to do in every round.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Job {
    /// Its number, from 0.
    pub worker: u8,
    /// How many there are.
    pub workers: u8,
    /// How often it goes through its samples before it answers.
    pub epochs: u8,
    /// With what learning rate.
    pub learning_rate: f32,
    /// How it answers.
    pub compression: Compression,
}

/// What the server says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker<'a> {
    /// Start anew.
    Join {
        /// [`VERSION`].
        version: u8,
        /// What to do.
        job: Job,
    },
    /// The next of the global weights, in order, four bytes each.
    Weights(&'a [u8]),
    /// Train from those weights.
    Train {
        /// The round, from 1: it decides the order of the samples.
        round: u32,
    },
    /// No more rounds.
    Stop,
}

/// What a worker says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToServer<'a> {
    /// It has joined.
    Ready {
        /// How many parameters its network has.
        parameters: u32,
        /// How many samples are its own.
        samples: u32,
    },
    /// The next bytes of its delta, in order.
    Delta(&'a [u8]),
    /// It has said all of its delta.
    Done {
        /// The round.
        round: u32,
        /// Its mean loss in the last epoch.
        loss: f32,
    },
    /// It cannot go on; its log says why.
    Failed,
}
