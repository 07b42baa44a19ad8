//! Trains the digits in WebAssembly.
#![allow(unsafe_code)] // What JavaScript calls must not be mangled.

use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_tasks::digits::{self, ADAM_RATE, Net, SGD_RATE};

/// The fingerprint of the weights that SGD ends with; 0 if training stopped.
#[unsafe(no_mangle)]
pub extern "C" fn sgd(epochs: u32) -> u64 {
    train(Sgd, SGD_RATE, epochs)
}

/// The fingerprint of the weights that Adam ends with; 0 if training stopped.
#[unsafe(no_mangle)]
pub extern "C" fn adam(epochs: u32) -> u64 {
    train(Adam::DEFAULT, ADAM_RATE, epochs)
}

fn train<R: Elementwise>(rule: R, rate: f32, epochs: u32) -> u64 {
    let mut memory = Box::new(Memory::<Net, R>::ZERO);
    digits::fingerprint_after(&mut memory, rule, rate, epochs).unwrap_or(0)
}
