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
    let weights = if options.pretrained { "with" } else { "without" };
    writeln!(
        out,
        "Bytes. One sample: a fused step, which stores no gradient; one by one: accumulated, then one step; at once: a batch"
    )?;
    writeln!(
        out,
        "as one tensor. Memory is Memory::RAM_BYTES; samples are those in RAM; stack and code are as weighed with 64-32-10 at"
    )?;
    writeln!(
        out,
        "level s (host-tests/footprint), flash is {weights} the first weights and without your samples and drivers. Cycles are a"
    )?;
    writeln!(out, "Cortex-M4F's at level 3, estimated from measured kernels (benches/README.md).")?;
    for plans in plans.chunk_by(|a, b| a.optimizer == b.optimizer) {
        let name = plans.first().map_or("", |plan| plan.optimizer.name());
        writeln!(out, "\nWith {name}, milliseconds a step on the boards that hold it (– where it does not fit):")?;
        writeln!(out, "{}", boards(plans))?;
    }
    writeln!(out, "At the board's clock and an M4F's cycles without wait states: of other cores the order of magnitude.")?;
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
    let names = plans.iter().map(|plan| plan.way.name());
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
