//! What the smallest firmwares that train take of flash and RAM: what `Memory` says, and no more than was promised.

use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_host_tests::board::{command, root};
use kilograd_host_tests::footprint::Footprint;

#[path = "../footprint/src/training.rs"]
mod training;

use training::{ADAM_RATE, Net, SGD_RATE, train};

/// What was promised: bytes of RAM beyond parameters and optimizer state, stack and all.
const RAM_BEYOND: usize = 768;
/// Bytes of flash that training with SGD takes.
const SGD_FLASH: u64 = 4 * 1024;
/// Bytes of flash that training with Adam takes.
const ADAM_FLASH: u64 = 5 * 1024;

/// Weighs the firmware `name`, which trains with `rule`, against what its types say and what was promised.
fn check<R: Elementwise>(name: &str, rule: R, rate: f32, flash: u64) {
    let footprint = Footprint::of(name);
    assert!(footprint.flash <= flash, "{name}: {} bytes of flash, {flash} were promised", footprint.flash);
    // All that the linker placed is the memory, as large as its type says.
    assert_eq!(footprint.statics, Memory::<Net, R>::RAM_BYTES as u64, "{name}");
    let memory: Vec<_> = footprint.symbols.iter().filter(|symbol| symbol.name.contains("MEMORY")).collect();
    assert!(matches!(memory[..], [memory] if memory.size == footprint.statics), "{name}: {memory:?}");
    let most = (Memory::<Net, R>::PARAMETER_BYTES + Memory::<Net, R>::STATE_BYTES + RAM_BEYOND) as u64;
    assert!(footprint.ram_bytes() <= most, "{name}: {} bytes of RAM, {most} were promised", footprint.ram_bytes());
    // Less than what the kernels in assembly save of registers: the paint was not read where the stack is.
    assert!(footprint.stack > 100, "{name}: {} bytes of stack", footprint.stack);
    assert_trained(&footprint, rule, rate);
    assert_lean(name, &footprint);
}

/// The weights in the board's RAM are the desktop's: what was weighed has trained.
fn assert_trained<R: Elementwise>(footprint: &Footprint, rule: R, rate: f32) {
    let mut memory = Memory::<Net, R>::ZERO;
    train(&mut memory, rule, rate).expect("settings and samples are valid");
    assert_eq!(memory.steps(), 40);
    memory.network.visit(&mut |group| assert!(footprint.ram.holds(group), "other weights than the desktop's"));
}

/// Nothing is linked that training does not need: arithmetic in `f64`, formatting, panics, copies over the stack.
fn assert_lean(name: &str, footprint: &Footprint) {
    let unwanted = ["__aeabi_d", "df3", "4core3fmt", "9panicking", "memcpy", "memmove", "memset"];
    for symbol in &footprint.symbols {
        assert!(!unwanted.iter().any(|part| symbol.name.contains(part)), "{name} links {}", symbol.name);
    }
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn sgd_takes_what_was_promised() {
    check("sgd", Sgd, SGD_RATE, SGD_FLASH);
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn adam_takes_what_was_promised() {
    check("adam", Adam::DEFAULT, ADAM_RATE, ADAM_FLASH);
}

/// The kernels that are built where size counts, against the orders of additions that they document.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn small_kernels_keep_their_orders() {
    let mut cargo = command(env!("CARGO"));
    cargo.args(["run", "--release", "--locked", "--bin", "orders"]).current_dir(root().join("benches/cycles/firmware"));
    let output = cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s").output().expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("comparisons, 0 differ"), "{said}");
}
