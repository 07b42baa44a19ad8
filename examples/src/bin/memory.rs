//! Prints what training a 64-32-10 network takes of RAM, by optimizer and way to step: constants, known before flashing.

use kilograd::prelude::*;
use kilograd::train::Mode;
use kilograd_tasks::digits::Net;

/// A row of the table: everything is a constant of the `Memory` type.
fn row<R: Rule, M: Mode>(optimizer: &str, step: &str) {
    println!(
        "| {optimizer} | {step} | {} | {} | {} | {} | **{}** |",
        Memory::<Net, R, M>::PARAMETER_BYTES,
        Memory::<Net, R, M>::STATE_BYTES,
        Memory::<Net, R, M>::GRADIENT_BYTES,
        Memory::<Net, R, M>::TAPE_BYTES,
        Memory::<Net, R, M>::RAM_BYTES,
    );
}

fn main() {
    println!("| optimizer | step | parameters | state | gradient | tape | all, bytes |");
    println!("|---|---|--:|--:|--:|--:|--:|");
    row::<Sgd, Fused>("SGD", "fused");
    row::<Sgd, Accumulated>("SGD", "mini-batch");
    row::<Momentum, Fused>("momentum, Nesterov", "fused");
    row::<Momentum, Accumulated>("momentum, Nesterov", "mini-batch");
    row::<Adam, Fused>("Adam, AdamW", "fused");
    row::<Then<ClipNorm, AdamW>, Accumulated>("Adam, AdamW, clipped by norm", "mini-batch");
}
