//! Tables in the terminal.

use comfy_table::{CellAlignment, Table, presets};
use kilograd::train::ConfusionMatrix;
use std::fmt::Display;

/// A row for each class, a column for what it was taken for; what never happened is a dot.
pub fn confusion<const N: usize>(matrix: &ConfusionMatrix<N>, names: &[impl Display; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(std::iter::once("true \\ read as".to_owned()).chain(names.iter().map(ToString::to_string)));
    for (label, name) in names.iter().enumerate() {
        let counts = (0..N).map(|predicted| match matrix.count(label, predicted) {
            0 => "·".to_owned(),
            count => count.to_string(),
        });
        table.add_row(std::iter::once(name.to_string()).chain(counts));
    }
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}
