//! What a step costs an M4F, by the model in `benches/cycles`: instructions are executed, not timed, so the figures are the
//! same on every machine.

use kilograd_host_tests::board::{command, root};

/// The most cycles that a step of SGD with one sample may take a 64-32-10 network.
const SGD_STEP: u32 = 30_000;

/// The M4 cycles of a region of the table.
fn cycles(table: &str, region: &str) -> u32 {
    let row = table.lines().find(|line| line.starts_with(&format!("| {region} |")));
    let row = row.unwrap_or_else(|| panic!("no region {region:?} in\n{table}"));
    row.split('|').nth(3).unwrap().trim().parse().unwrap()
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn a_step_of_sgd_keeps_its_promise() {
    let output = command(root().join("benches/cycles/run")).output().expect("benches/cycles/run starts");
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let step = cycles(&table, "step, SGD, 1 sample");
    assert!(step > 0 && step <= SGD_STEP, "{step} cycles, {SGD_STEP} were promised:\n{table}");
}
