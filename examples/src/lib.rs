//! What the example programs share. Each program in `src/bin` teaches one thing:
//!
//! | program | teaches |
//! |---|---|
//! | `digits` | training one sample a step, with any optimizer; a report and a picture of it |
//! | `xor` | the smallest network there is to train, in under half a kilobyte |
//! | `iris` | mini-batches, a gradient clipped by norm, a learning rate that rises and falls |
//! | `friedman1` | regression that stops by itself, on samples held out of training |
//! | `drift` | noticing that a stream has changed, training until it is learned, and stopping |
//! | `optimizers` | what each optimizer needs to arrive: steps, cycles, RAM |
//! | `parallel` | boards that train together, and what they must say to each other |
//! | `checkpoint` | what a checkpoint holds; its weights to and from safetensors |
//! | `memory` | what training takes of RAM, by optimizer and way to step |
//! | `plan` | what a network of any shape will take of RAM, flash and cycles, and which boards hold it |
//!
//! ```text
//! checkpoints the program `checkpoint`: sections, safetensors
//! digits     the program of that name: options, training, report, picture
//! drift      the program of that name: stream, watch, report, picture
//! optimizers the program of that name: the field, three races, table, picture
//! parallel   the program of that name: boards, rounds, report
//! plan       the program of that name: RAM, flash, cycles, boards, report
//! measured   figures of the tables that measuring programs print
//! plot       panels of a picture: curves, bars, a timeline, a heat map, thumbnails
//! progress   a bar while training runs
//! table      a confusion matrix in the terminal
//! ```
#![forbid(unsafe_code)]

pub mod checkpoints;
pub mod digits;
pub mod drift;
pub mod measured;
pub mod optimizers;
pub mod parallel;
pub mod plan;
pub mod plot;
pub mod progress;
pub mod table;
