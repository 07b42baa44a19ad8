//! The table on stdout.

use super::Options;
use super::race::{Standing, Summary, TARGET};
use super::valley::{self, Descent};
use comfy_table::{CellAlignment, Table, presets};
use kilograd_tasks::{digits, iris};
use std::io::{self, Write};

/// Writes a row for each optimizer.
///
/// # Errors
/// That of `out`.
pub fn write(out: &mut impl Write, options: &Options, standings: &[Standing], descents: &[Descent]) -> io::Result<()> {
    let target = 100.0 * TARGET;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let columns =
        ["rule", "digits", "steps", "Mcycles", "iris", "steps", "Rosenbrock: rate", "steps", "state, B/parameter", "RAM, bytes"];
    table.set_header(columns);
    for standing in standings {
        let Standing { name, digits, iris, valley, valley_rate, state_bytes, ram_bytes, cycles } = standing;
        table.add_row([
            (*name).to_owned(),
            percent(digits),
            steps(digits.arrival),
            digits.arrival.map_or("–".into(), |steps| format!("{:.0}", f64::from(steps) * cycles / 1e6)),
            percent(iris),
            steps(iris.arrival),
            valley.arrival.map_or("–".into(), |_| valley_rate.to_string()),
            steps(valley.arrival),
            format!("{state_bytes:.1}"),
            ram_bytes.to_string(),
        ]);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    writeln!(out, "{table}")?;
    writeln!(out, "Accuracies are means over {} seeds, steps the median of the first sight of {target} % of the", options.seeds)?;
    writeln!(out, "test samples (digits, iris) or of a value below {} (Rosenbrock), – if there was none.", valley::ARRIVED)?;
    writeln!(
        out,
        "Mcycles: those steps on a Cortex-M4F, by the model of benches/cycles. Rosenbrock: at the best of some rates."
    )?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["solver or search, on Rosenbrock", "steps", "evaluations"]);
    for descent in descents {
        table.add_row([descent.name.to_owned(), steps(descent.arrival), descent.evaluations.to_string()]);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    writeln!(out, "\n{table}")?;
    writeln!(out, "\nData: {}\n      {}", digits::CITATION, iris::CITATION)
}

fn percent(summary: &Summary) -> String {
    format!("{:.1} %", 100.0 * summary.accuracy)
}

fn steps(arrival: Option<u32>) -> String {
    arrival.map_or("–".into(), |steps| steps.to_string())
}
