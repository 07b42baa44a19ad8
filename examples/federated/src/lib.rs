//! What boards that train together say to their server, and the worker's part of it: the firmware `worker` and the desktop
//! program `parallel` share it, so that a worker in a thread and one on a board differ in nothing but the line.
//!
//! ```text
//! message   what is said: postcard
//! link      how it travels: a CRC-32 behind each message, COBS around both, a zero after each frame
//! worker    the worker's rounds, on its shard of the digits
//! ```
#![no_std]
#![forbid(unsafe_code)]

pub mod link;
pub mod message;
pub mod worker;

pub use link::{Fault, Link, Port};
pub use message::{Compression, Job, PART, ToServer, ToWorker, VERSION};
pub use worker::{Event, Worker};
