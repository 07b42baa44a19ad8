//! The training loop and what belongs to it: averages, monitors, streams, batches, curricula. Tests that demonstrate print
//! their figures: `cargo test -p kilograd-host-tests --test training -- --nocapture`.

mod averaging;
mod batch_sizes;
mod convergence;
mod curriculum;
mod curvature;
mod early_stopping;
mod signals;
mod stream;
mod support;
mod two_cores;
