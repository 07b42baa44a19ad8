//! Tables, or JSON.

use super::boards::{BOARDS, Board};
use super::plan::Plan;
use super::{Options, Shape};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::io::Write;

/// Writes what was asked for.
///
/// # Errors
/// That of `out`.
pub fn write(out: &mut impl Write, options: &Options, shape: &Shape, plans: &[Plan]) -> anyhow::Result<()> {
    if options.json {
        writeln!(out, "{}", summary(shape, plans))?;
        return Ok(());
    }
    writeln!(out, "A {} network: {} parameters", shape.text(), shape.parameters())?;
    writeln!(out, "{}", costs(plans))?;
    writeln!(
        out,
        "Bytes; memory is Memory::RAM_BYTES. Stack and code as weighed with 64-32-10 at level s (host-tests/footprint),"
    )?;
    let weights = if options.pretrained { "with" } else { "without" };
    writeln!(out, "flash {weights} the first weights. Cycles of a Cortex-M4F at level 3, by a model of measured kernels.\n")?;
    writeln!(out, "{}", boards(plans))?;
    writeln!(out, "Milliseconds a step at the board's clock, at an M4F's cycles without wait states; – where it does not fit.")?;
    writeln!(out, "Other cores take other cycles: of M7 and M33 this is the order of magnitude.")?;
    Ok(())
}

fn costs(plans: &[Plan]) -> Table {
    let mut table = table(&["optimizer", "step", "memory", "samples", "stack", "RAM", "flash", "cycles a step", "a sample"]);
    for plan in plans {
        let Plan { optimizer, way, memory, samples, stack, flash, cycles } = plan;
        let numbers = [*memory, *samples, *stack, plan.ram(), *flash].map(|number| number.to_string());
        let cycles = [*cycles, cycles / way.samples() as f64].map(|cycles| format!("{cycles:.0}"));
        table.add_row([optimizer.name().to_owned(), way.name()].into_iter().chain(numbers).chain(cycles));
    }
    align(table, 2)
}

/// A row for each board, a column for each plan.
fn boards(plans: &[Plan]) -> Table {
    let names = plans.iter().map(|plan| format!("{}\n{}", plan.optimizer.name(), plan.way.name()));
    let fixed = ["board", "core", "flash, KB", "RAM, KB", "MHz"].map(str::to_owned);
    let mut table = table(&fixed.into_iter().chain(names).collect::<Vec<_>>());
    for board in &BOARDS {
        let Board { name, core, flash, ram, clock } = *board;
        let fixed = [name.to_owned(), core.to_owned(), (flash / 1024).to_string(), (ram / 1024).to_string(), clock.to_string()];
        let times = plans.iter().map(|plan| match plan.fits(board) {
            true => format!("{:.2}", plan.milliseconds(board)),
            false => "–".to_owned(),
        });
        table.add_row(fixed.into_iter().chain(times));
    }
    align(table, 2)
}

fn table(header: &[impl AsRef<str>]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(header.iter().map(AsRef::as_ref));
    table
}

/// Numbers to the right, from a column on.
fn align(mut table: Table, from: usize) -> Table {
    table.column_iter_mut().skip(from).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// What a program reads.
fn summary(shape: &Shape, plans: &[Plan]) -> Value {
    let plan = |plan: &Plan| {
        json!({
            "optimizer": plan.optimizer.name(),
            "step": plan.way.name(),
            "samples_a_step": plan.way.samples(),
            "memory_bytes": plan.memory,
            "sample_bytes": plan.samples,
            "stack_bytes": plan.stack,
            "ram_bytes": plan.ram(),
            "flash_bytes": plan.flash,
            "cycles": plan.cycles.round(),
            "boards": plan.boards().map(|board| board.name).collect::<Vec<_>>(),
        })
    };
    json!({ "parameters": shape.parameters(), "plans": plans.iter().map(plan).collect::<Vec<_>>() })
}
