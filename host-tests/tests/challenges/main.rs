//! The challenges of *Deep Learning*, section 8.2 (and what 8.7 holds against them): each test shows the problem and then
//! the cure. `cargo test -p kilograd-host-tests --test challenges -- --nocapture` prints the figures.
//!
//! Section 8.2.8, theoretical limits, has nothing to build: training even a network of three threshold units to optimality
//! is NP-complete (A. Blum and R. Rivest, *Training a 3-node neural network is NP-complete*, 1992), but nobody needs the exact
//! minimum, only a loss that is low enough.

mod cliffs;
mod continuation;
mod dependent_coordinates;
mod depth;
mod functions;
mod global_structure;
mod identifiability;
mod ill_conditioning;
mod inexact_gradients;
mod local_minima;
mod network;
mod saddles;
