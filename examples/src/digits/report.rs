//! The report on stdout.

use super::{Options, Outcome, Ram};
use crate::table;
use kilograd_tasks::digits::{CITATION, CLASSES, SAMPLES, TRAINING};
use serde::Serialize;
use std::io::{self, Write};

/// The line of JSON; its keys come in this order.
#[derive(Serialize)]
struct Summary {
    accuracy: f32,
    steps: u32,
    parameters: usize,
    ram_bytes: usize,
    weights_hash: String,
}

/// Writes what a reader wants to know.
///
/// # Errors
/// That of `out`.
pub fn write(out: &mut impl Write, options: &Options, outcome: &Outcome) -> io::Result<()> {
    let Outcome { confusion, steps, parameters, ram, time, weights, .. } = outcome;
    let microseconds = time.as_secs_f64() * 1e6 / f64::from(*steps);
    writeln!(out, "Handwritten digits: a 64-32-10 network learns from {TRAINING} samples, tested on {}", SAMPLES - TRAINING)?;
    writeln!(out, "Optimizer:     {}, learning rate {}, one sample a step", options.optimizer, options.rate())?;
    writeln!(out, "Test accuracy: {:.1} % ({} of {})", 100.0 * outcome.accuracy(), confusion.correct(), confusion.total())?;
    writeln!(out, "Parameters:    {parameters}")?;
    write_ram(out, ram)?;
    writeln!(out, "Time:          {:.2} s for {steps} steps ({microseconds:.1} µs each)", time.as_secs_f64())?;
    writeln!(out, "Weights:       hash {weights:016x}; seed {}, epochs {}", options.seed, options.epochs)?;
    let names: [String; CLASSES] = std::array::from_fn(|digit| digit.to_string());
    writeln!(out, "\n{}", table::confusion(confusion, &names))?;
    writeln!(out, "\nData: {CITATION}")
}

fn write_ram(out: &mut impl Write, ram: &Ram) -> io::Result<()> {
    let Ram { parameters, optimizer, tape, total } = ram;
    let counters = total - parameters - optimizer - tape;
    writeln!(
        out,
        "Training RAM:  {total} bytes = parameters {parameters} + optimizer {optimizer} + tape {tape} + counters {counters}"
    )
}

/// Writes what a program wants to know, in one line.
///
/// # Errors
/// That of `out`.
pub fn write_json(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let summary = Summary {
        accuracy: outcome.accuracy(),
        steps: outcome.steps,
        parameters: outcome.parameters,
        ram_bytes: outcome.ram.total,
        weights_hash: format!("{:016x}", outcome.weights),
    };
    serde_json::to_writer(&mut *out, &summary)?;
    writeln!(out)
}
