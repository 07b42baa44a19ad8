//! The table on stdout.

use super::race::{Standing, Summary, TARGET};
use super::{Options, valley};
use comfy_table::{CellAlignment, Table, presets};
use kilograd_tasks::{digits, iris};
use std::io::{self, Write};

/// Writes a row for each optimizer.
///
/// # Errors
/// That of `out`.
pub fn write(out: &mut impl Write, options: &Options, standings: &[Standing]) -> io::Result<()> {
    let target = 100.0 * TARGET;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let columns =
        ["optimizer", "digits", "steps", "Mcycles", "iris", "steps", "Rosenbrock, steps", "state, B/parameter", "RAM, bytes"];
    table.set_header(columns);
    for standing in standings {
        let Standing { name, digits, iris, valley, state_bytes, ram_bytes, cycles } = standing;
        table.add_row([
            (*name).to_owned(),
            percent(digits),
            steps(digits.arrival),
            digits.arrival.map_or("–".into(), |steps| format!("{:.0}", f64::from(steps) * cycles / 1e6)),
            percent(iris),
            steps(iris.arrival),
            steps(valley.arrival),
            format!("{state_bytes:.1}"),
            ram_bytes.to_string(),
        ]);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    writeln!(out, "{table}")?;
    writeln!(out, "Accuracies are means over {} seeds, steps the median of the first sight of {target} % of the", options.seeds)?;
    writeln!(out, "test samples (digits, iris) or of a value below {} (Rosenbrock), – if there was none.", valley::ARRIVED)?;
    writeln!(out, "Mcycles: those steps on a Cortex-M4F, by the model of benches/cycles.")?;
    writeln!(out, "\nData: {}\n      {}", digits::CITATION, iris::CITATION)
}

fn percent(summary: &Summary) -> String {
    format!("{:.1} %", 100.0 * summary.accuracy)
}

fn steps(arrival: Option<u32>) -> String {
    arrival.map_or("–".into(), |steps| steps.to_string())
}
