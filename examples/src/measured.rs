//! Figures of the tables that the measuring programs print.

use anyhow::Context;

/// What `benches/cycles/run` prints.
const CYCLES: &str = include_str!("../../benches/README.md");
/// What `footprint` of host-tests prints.
const FOOTPRINTS: &str = include_str!("../../host-tests/footprint/README.md");

/// M4 cycles and units of work of a region.
///
/// # Errors
/// If the table lacks it.
pub fn region(name: &str) -> anyhow::Result<(f64, f64)> {
    let [_, cycles, work, _] = row(CYCLES, name).with_context(|| format!("benches/README.md has no region {name:?}"))?;
    Ok((cycles, work))
}

/// Bytes of flash beyond an empty firmware, and of stack, that a firmware of `host-tests/footprint` takes.
///
/// # Errors
/// If the table lacks it.
pub fn footprint(name: &str) -> anyhow::Result<(u64, u64)> {
    let missing = || format!("host-tests/footprint/README.md has no firmware {name:?}");
    let [flash, _, stack, _] = row(FOOTPRINTS, name).with_context(missing)?;
    Ok((flash, stack))
}

/// The first numbers after the name in a row of a table in Markdown; rows of that name without so many numbers are of another table.
fn row<T: std::str::FromStr, const N: usize>(table: &str, name: &str) -> Option<[T; N]> {
    let named = table.lines().filter(|line| line.starts_with(&format!("| {name} |")));
    named
        .map(|line| line.split('|').skip(2).take(N).map(|cell| cell.trim().parse()))
        .find_map(|cells| cells.collect::<Result<Vec<T>, _>>().ok()?.try_into().ok())
}
