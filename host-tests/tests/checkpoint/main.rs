//! Checkpoints: a run that was cut ends as one that was not; whatever happens to the flash, an old or a new checkpoint is there,
//! whole; and what cannot be used is refused with a reason.

mod bytes;
mod golden;
mod power;
mod refused;
mod resume;
mod run;
mod slices;
mod streams;
