//! What came out.

use super::server::Training;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

/// A row a round, a column a compression: accuracy; then what the line carried.
pub fn table(trainings: &[Training]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(std::iter::once("round").chain(trainings.iter().map(|training| training.choice.name())));
    let rounds = trainings.iter().map(|training| training.rounds.len()).max().unwrap_or(0);
    let mut row = |name: String, cell: &dyn Fn(&Training) -> Option<String>| {
        table.add_row(std::iter::once(name).chain(trainings.iter().map(|training| cell(training).unwrap_or_default())));
    };
    for round in 0..rounds {
        row((round + 1).to_string(), &|training| {
            training.rounds.get(round).map(|outcome| format!("{:.1} %", 100.0 * outcome.accuracy))
        });
    }
    row("bytes to the server, a round".into(), &|training| training.rounds.first().map(|outcome| outcome.received.to_string()));
    row("bytes from the server, a round".into(), &|training| training.rounds.first().map(|outcome| outcome.sent.to_string()));
    row("weights".into(), &|training| Some(format!("{:016x}", training.weights)));
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// The workers that were lost, a line each.
pub fn lost(training: &Training) -> Vec<String> {
    let line = |(worker, round, fault): &(usize, u32, _)| {
        format!("{}: worker {worker} was lost in round {round}: {fault}; the others went on", training.choice.name())
    };
    training.lost.iter().map(line).collect()
}

/// What a program reads.
#[derive(Debug, Serialize)]
pub struct Summary {
    emulated: bool,
    trainings: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    compression: &'static str,
    accuracy: f32,
    answered: Vec<usize>,
    bytes_to_server: u64,
    bytes_from_server: u64,
    weights_hash: String,
}

impl Summary {
    /// A summary of all trainings.
    pub fn new(emulated: bool, trainings: &[Training]) -> Self {
        let line = |training: &Training| Line {
            compression: training.choice.name(),
            accuracy: training.rounds.last().map_or(0.0, |outcome| outcome.accuracy),
            answered: training.rounds.iter().map(|outcome| outcome.answered).collect(),
            bytes_to_server: training.rounds.iter().map(|outcome| outcome.received).sum(),
            bytes_from_server: training.rounds.iter().map(|outcome| outcome.sent).sum(),
            weights_hash: format!("{:016x}", training.weights),
        };
        Self { emulated, trainings: trainings.iter().map(line).collect() }
    }
}
