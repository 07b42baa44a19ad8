//! The report on stdout.

use super::Outcome;
use super::stream::LOOKS;
use kilograd_tasks::digits::CITATION;
use serde::Serialize;
use std::io::{self, Write};

/// The line of JSON; its keys come in this order.
#[derive(Serialize)]
struct Summary {
    samples: u32,
    trained: u32,
    trainings: Vec<(u32, Option<u32>)>,
    delays: Vec<Option<u32>>,
    errors: Vec<f32>,
    untrained_errors: Vec<f32>,
}

/// Writes what a reader wants to know.
///
/// # Errors
/// That of `out`.
pub fn write(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    writeln!(
        out,
        "A stream of {} handwritten digits, which changes twice; each is read before it is trained on",
        outcome.samples
    )?;
    for training in &outcome.trainings {
        match training.to {
            Some(to) => writeln!(out, "Trained from sample {} to {to}", training.from)?,
            None => writeln!(out, "Trained from sample {} to the end", training.from)?,
        }
    }
    for (look, change, delay) in outcome.noticed() {
        match delay {
            Some(delay) => writeln!(out, "From sample {change} the digits are {}: noticed after {delay} samples", look.name())?,
            None => writeln!(out, "From sample {change} the digits are {}: no training began", look.name())?,
        }
    }
    writeln!(out, "Misread, and by a network that is not trained again:")?;
    for (look, (error, untrained)) in LOOKS.iter().zip(outcome.errors) {
        writeln!(out, "  {:9} {:5.1} %  {:5.1} %", look.name(), 100.0 * error, 100.0 * untrained)?;
    }
    let share = 100.0 * outcome.trained as f32 / outcome.samples as f32;
    writeln!(out, "Trained on {} samples ({share:.0} %)", outcome.trained)?;
    writeln!(out, "Data: {CITATION}")
}

/// Writes what a program wants to know, in one line.
///
/// # Errors
/// That of `out`.
pub fn write_json(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let summary = Summary {
        samples: outcome.samples,
        trained: outcome.trained,
        trainings: outcome.trainings.iter().map(|training| (training.from, training.to)).collect(),
        delays: outcome.noticed().map(|(_, _, delay)| delay).collect(),
        errors: outcome.errors.iter().map(|error| error.0).collect(),
        untrained_errors: outcome.errors.iter().map(|error| error.1).collect(),
    };
    serde_json::to_writer(&mut *out, &summary)?;
    writeln!(out)
}
