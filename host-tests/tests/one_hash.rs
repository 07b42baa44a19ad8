//! One hash: the digits run (same seed, data and optimizer) ends in the same weights on every processor, bit for bit. With the
//! feature `fused` it is another hash, again one for all.
//!
//! Cores without a floating-point unit do everything by integer instructions, and see the samples once instead of ten times.

use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_host_tests::board::{self, Machine, command, root};
use kilograd_simd::backend::{Level, force};
use kilograd_tasks::digits::{self, ADAM_RATE, Net, SGD_RATE};
use std::process::Command;

const M0: Machine = Machine { name: "microbit", target: "thumbv6m-none-eabi", memory: Some("microbit") };
const M3: Machine = Machine { name: "mps2-an385", target: "thumbv7m-none-eabi", memory: None };
const M4F: Machine = Machine { name: "mps2-an386", target: "thumbv7em-none-eabihf", memory: None };
const M7: Machine = Machine { name: "mps2-an500", target: "thumbv7em-none-eabihf", memory: None };
const M33: Machine = Machine { name: "mps2-an505", target: "thumbv8m.main-none-eabihf", memory: Some("mps2-an505") };
const M55: Machine = Machine { name: "mps3-an547", target: "thumbv8m.main-none-eabihf", memory: Some("mps3-an547") };

const FUSED: bool = cfg!(feature = "fused");
const MODE: &[&str] = if FUSED { &["fused"] } else { &[] };

/// The desktop's hash.
fn desktop<R: Elementwise>(rule: R, rate: f32, epochs: u32) -> String {
    let mut memory = Box::new(Memory::<Net, R>::ZERO);
    format!("{:016x}", digits::fingerprint_after(&mut memory, rule, rate, epochs).expect("settings and samples are valid"))
}

fn sgd(epochs: u32) -> String {
    desktop(Sgd, SGD_RATE, epochs)
}

fn adam(epochs: u32) -> String {
    desktop(Adam::DEFAULT, ADAM_RATE, epochs)
}

#[track_caller]
fn assert_ends_in(hash: &str, machine: Machine, firmware: &str, epochs: u32) {
    assert_ends_in_with(MODE, hash, machine, firmware, epochs);
}

#[track_caller]
fn assert_ends_in_with(features: &[&str], hash: &str, machine: Machine, firmware: &str, epochs: u32) {
    let run = board::run_on(machine, firmware, epochs, features);
    assert_eq!(run.after("weights "), format!("{hash} after {} steps", 1_440 * epochs), "{machine:?}, {firmware}");
}

/// Each vector unit that this processor has; the rest of a default build is SSE2.
#[test]
fn on_every_level_of_the_desktop() {
    let mut hashes = Level::ALL.map(|level| {
        force(level);
        (sgd(1), adam(1))
    });
    force(Level::highest());
    hashes.sort();
    assert_eq!(hashes.first(), hashes.last(), "{hashes:?}");
}

/// In 16 KB of RAM, which hold no more than SGD's weights, tape and stack.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn on_an_m0() {
    assert_ends_in(&sgd(1), M0, "digits", 1);
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn on_an_m3() {
    assert_ends_in(&sgd(1), M3, "digits", 1);
    assert_ends_in(&adam(1), M3, "digits-adam", 1);
}

/// One image for both.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn on_an_m4f_and_an_m7() {
    for machine in [M4F, M7] {
        assert_ends_in(&sgd(10), machine, "digits", 10);
        assert_ends_in(&adam(10), machine, "digits-adam", 10);
    }
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn on_an_m33() {
    assert_ends_in(&sgd(10), M33, "digits", 10);
    assert_ends_in(&adam(10), M33, "digits-adam", 10);
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn on_an_m55() {
    assert_ends_in(&sgd(10), M55, "digits", 10);
    assert_ends_in(&adam(10), M55, "digits-adam", 10);
    // This run's forward passes meet no subnormal, which Helium would take for zero.
    let helium = [MODE, &["helium"]].concat();
    assert_ends_in_with(&helium, &sgd(10), M55, "digits", 10);
    assert_ends_in_with(&helium, &adam(10), M55, "digits-adam", 10);
}

/// With vectors of 128 bits, in Node.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs Node and the target wasm32-unknown-unknown: host-tests/run")]
fn in_webassembly() {
    let folder = root().join("host-tests/wasm");
    let mut cargo = command(env!("CARGO"));
    cargo.args(["build", "--release", "--locked"]).current_dir(&folder);
    if FUSED {
        cargo.args(["--features", "fused"]);
    }
    let built = cargo.output().expect("cargo can be started");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let module = folder.join("target/wasm32-unknown-unknown/release/kilograd_wasm.wasm");
    let output = Command::new("node").arg(folder.join("run.mjs")).arg(module).arg("10").output().expect("Node can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, format!("sgd {}\nadam {}\n", sgd(10), adam(10)), "{}", String::from_utf8_lossy(&output.stderr));
}
