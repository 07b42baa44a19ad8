//! Backward passes against differences of forward passes: every layer, every loss, whole networks.
//!
//! | file | forward | what it finds |
//! |---|---|---|
//! | `layers`, `structure` | the library's own, f32 | a backward pass that does not belong to its forward pass |
//! | `activations`, `losses`, `pipeline` | a reference in f64 | a wrong forward pass too, to a tolerance of some ULPs |
//! | `mistakes` | a layer made here | that the checker finds a wrong gradient |

mod activations;
mod check;
mod layers;
mod losses;
mod mistakes;
mod parabola;
mod pipeline;
mod structure;
