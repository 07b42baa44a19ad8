//! What a step costs an M4F: from the table of `benches/README.md`, which is what `benches/cycles/run` prints.

use super::classify::BATCH;
use anyhow::Context;
use kilograd::tensor::Parameters;
use kilograd_tasks::digits::Net;

const TABLE: &str = include_str!("../../../benches/README.md");

/// Samples of the step that was measured.
const MEASURED_BATCH: f64 = 8.0;

/// Cycles and units of work of a region.
fn region(name: &str) -> anyhow::Result<(f64, f64)> {
    let row = TABLE.lines().find(|line| line.starts_with(&format!("| {name} |")));
    let row = row.with_context(|| format!("benches/README.md has no region {name:?}"))?;
    let cell = |index| row.split('|').nth(index).and_then(|cell| cell.trim().parse().ok());
    cell(3).zip(cell(4)).with_context(|| format!("benches/README.md: no figures in {row:?}"))
}

/// Cycles a parameter of a rule's update.
fn per_parameter(name: &str) -> anyhow::Result<f64> {
    region(name).map(|(cycles, parameters)| cycles / parameters)
}

/// Cycles of a step of the digits' network with a batch: that of SGD without its update for each sample, and the rule's
/// update.
pub fn step(rule: &str) -> anyhow::Result<f64> {
    let parameters = <Net as Parameters>::COUNT as f64;
    let (sgd, _) = region("step, SGD, 8 samples")?;
    let sample = (sgd - parameters * per_parameter("rule sgd")?) / MEASURED_BATCH;
    Ok(BATCH as f64 * sample + parameters * per_parameter(rule)?)
}
