//! A Cortex-M55's vector instructions: what they take, and that they compute what every other processor does.

use kilograd_host_tests::board::{command, root};

/// The most instructions for a product and its sum.
const MOST: f64 = 1.15;

fn cycles(arguments: &[&str]) -> String {
    let output = command(root().join("benches/cycles/run")).args(arguments).output().expect("benches/cycles/run starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // The firmware fails if subnormals do not count as zero, as its documentation says they do.
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn a_matrix_times_a_vector_takes_few_instructions() {
    let table = cycles(if cfg!(feature = "fused") { &["--helium", "--fused"] } else { &["--helium"] });
    let row = table.lines().find(|line| line.starts_with("| matvec 64x32 |")).expect("the table has the row");
    let each: f64 = row.split('|').nth(4).unwrap().trim().parse().unwrap();
    assert!(0.5 < each && each <= MOST, "{each} instructions, {MOST} at most:\n{table}");
}

/// Every small shape, infinities, NaN and zeros: bit for bit, as long as nothing is subnormal.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn helium_keeps_the_orders() {
    let mut arguments = vec!["--orders", "--helium"];
    arguments.extend(cfg!(feature = "fused").then_some("--fused"));
    let said = cycles(&arguments);
    assert!(said.contains("comparisons, 0 differ"), "{said}");
}

/// The loops of VFMA; those of the default mode are `emulated.rs`'s.
#[test]
#[cfg(feature = "fused")]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn fused_loops_keep_the_orders() {
    let said = cycles(&["--orders", "--fused"]);
    assert!(said.contains("comparisons, 0 differ"), "{said}");
}
