//! What the smallest firmwares that train take of flash and RAM: what `Memory` says, and no more than was promised.

use kilograd::prelude::*;
use kilograd::train::Mode;
use kilograd_host_tests::board::{command, root};
use kilograd_host_tests::footprint::Footprint;

#[path = "../footprint/src/training.rs"]
mod training;

use training::{ADAM_RATE, SGD_RATE, batches, mini_batches, samples};

/// What was promised: bytes of RAM beyond parameters and optimizer state, stack and all.
const RAM_BEYOND: usize = 768;
/// Bytes of flash that training with SGD takes.
const SGD_FLASH: u64 = 4 * 1024;
/// Bytes of flash that training with Adam takes.
const ADAM_FLASH: u64 = 5 * 1024;

/// How many bytes of flash or stack the table may be off: what the compiler makes of a change elsewhere.
const DRIFT: u64 = 64;

/// What a firmware's types say of it.
struct Claim {
    ram_bytes: usize,
    /// Parameters and optimizer state.
    numbers: usize,
    /// The weights that the desktop trains.
    weights: Vec<Vec<f32>>,
}

fn claim<N: Layer, R: Rule, M: Mode>(train: impl Fn(&mut Memory<N, R, M>) -> Result<(), Error>) -> Claim {
    let mut memory = Box::new(Memory::<N, R, M>::ZERO);
    train(&mut memory).expect("settings and samples are valid");
    assert!(memory.steps() >= 20);
    let mut weights = Vec::new();
    memory.network.visit(&mut |group| weights.push(group.to_vec()));
    let numbers = Memory::<N, R, M>::PARAMETER_BYTES + Memory::<N, R, M>::STATE_BYTES;
    Claim { ram_bytes: Memory::<N, R, M>::RAM_BYTES, numbers, weights }
}

/// Checks the firmware `name` against what its types say and what the table says.
fn check(name: &str, claim: &Claim) -> Footprint {
    let footprint = Footprint::of(name);
    // All that the linker placed is the memory, as large as its type says.
    assert_eq!(footprint.statics, claim.ram_bytes as u64, "{name}");
    let memory: Vec<_> = footprint.symbols.iter().filter(|symbol| symbol.name.contains("MEMORY")).collect();
    assert!(matches!(memory[..], [memory] if memory.size == footprint.statics), "{name}: {memory:?}");
    // Less than what the kernels in assembly save of registers: the paint was not read where the stack is.
    assert!(footprint.stack > 100, "{name}: {} bytes of stack", footprint.stack);
    // What was weighed has trained, to the desktop's bits.
    for group in &claim.weights {
        assert!(footprint.ram.holds(group), "{name}: other weights than the desktop's");
    }
    assert_lean(name, &footprint);
    assert_shown(name, &footprint);
    footprint
}

/// The table shows it.
fn assert_shown(name: &str, footprint: &Footprint) {
    let table = include_str!("../footprint/README.md");
    let row = table.lines().find(|line| line.starts_with(&format!("| {name} |")));
    let row = row.unwrap_or_else(|| panic!("host-tests/footprint/README.md has no {name}"));
    let cells = row.split('|').skip(2).filter_map(|cell| cell.trim().parse().ok());
    let numbers = [footprint.flash, footprint.statics, footprint.stack, footprint.ram_bytes()];
    let close = cells.clone().count() == 4 && cells.zip(numbers).all(|(shown, is): (u64, u64)| shown.abs_diff(is) <= DRIFT);
    assert!(close, "host-tests/footprint/README.md says {row}, it is {}", footprint.row(name));
}

/// No more than was promised.
fn assert_kept(name: &str, footprint: &Footprint, claim: &Claim, flash: u64) {
    assert!(footprint.flash <= flash, "{name}: {} bytes of flash, {flash} were promised", footprint.flash);
    let most = (claim.numbers + RAM_BEYOND) as u64;
    assert!(footprint.ram_bytes() <= most, "{name}: {} bytes of RAM, {most} were promised", footprint.ram_bytes());
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
fn one_sample_a_step() {
    let claimed = claim(|memory: &mut Memory<_, _>| samples(memory, Sgd, SGD_RATE));
    assert_kept("sgd", &check("sgd", &claimed), &claimed, SGD_FLASH);
    let claimed = claim(|memory: &mut Memory<_, _>| samples(memory, Adam::DEFAULT, ADAM_RATE));
    assert_kept("adam", &check("adam", &claimed), &claimed, ADAM_FLASH);
    check("momentum", &claim(|memory: &mut Memory<_, _>| samples(memory, Momentum::DEFAULT, SGD_RATE)));
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn mini_batches_sample_by_sample() {
    check("sgd-mini-batch", &claim(|memory: &mut Memory<_, _, _>| mini_batches(memory, Sgd, SGD_RATE)));
    check("momentum-mini-batch", &claim(|memory: &mut Memory<_, _, _>| mini_batches(memory, Momentum::DEFAULT, SGD_RATE)));
    check("adam-mini-batch", &claim(|memory: &mut Memory<_, _, _>| mini_batches(memory, Adam::DEFAULT, ADAM_RATE)));
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn mini_batches_at_once() {
    check("sgd-batch", &claim(|memory: &mut Memory<_, _, _>| batches(memory, Sgd, SGD_RATE)));
    check("momentum-batch", &claim(|memory: &mut Memory<_, _, _>| batches(memory, Momentum::DEFAULT, SGD_RATE)));
    check("adam-batch", &claim(|memory: &mut Memory<_, _, _>| batches(memory, Adam::DEFAULT, ADAM_RATE)));
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
