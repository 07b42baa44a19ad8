//! Whatever is refused comes back as the right error, and has changed nothing: not the network, not the optimizer's state,
//! not the step counter.
//!
//! The state cannot be seen from outside, so a twin is trained that never met the bad sample, and both go on for some
//! steps: they end in the same bits.

mod functions;
mod messages;
mod order;
mod samples;
mod schedules;
mod searches;
mod settings;
mod twins;
