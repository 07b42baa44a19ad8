//! Firmwares on emulated boards: they learn, to the desktop's bits, in the RAM that was promised.

use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_host_tests::board::{self, Run};
use kilograd_tasks::digits::{self, ADAM_RATE, Net, SGD_RATE};
use kilograd_tasks::every_layer;

const FOLDER: &str = "examples/firmware";

/// What tape, state and stack may take beside the parameters of a firmware that trains with SGD, in bytes.
const SGD_OVERHEAD: usize = 1_536;

/// The weights that the desktop trains, as the firmware prints them.
fn desktop_weights<R: Elementwise>(rule: R, rate: f32, epochs: u32) -> String {
    let mut memory = Box::new(Memory::<Net, R>::ZERO);
    format!("{:016x}", digits::fingerprint_after(&mut memory, rule, rate, epochs).expect("settings and samples are valid"))
}

fn assert_learned(run: &Run) {
    assert_eq!(run.status, Some(0), "{}", run.log);
    let accuracy: f32 = run.after("epoch 10: ").rsplit(' ').next().unwrap().parse().unwrap();
    assert!(accuracy > 0.94, "{}", run.log);
}

fn ram(run: &Run) -> usize {
    run.after("ram: ").rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn sgd_trains_to_the_desktops_bits() {
    let run = board::run(FOLDER, "digits", None);
    assert_learned(&run);
    assert_eq!(run.after("weights "), format!("{} after 14400 steps", desktop_weights(Sgd, SGD_RATE, 10)));
    let most = Memory::<Net, Sgd>::PARAMETER_BYTES + SGD_OVERHEAD;
    assert!(ram(&run) <= most, "{} bytes of RAM, {most} were promised", ram(&run));
    // The README shows this log. Its stack may be a few registers off: how deep calls go is the compiler's to decide.
    let readme = include_str!("../../README.md");
    for line in run.log.lines().filter(|line| line.starts_with("INFO") && !line.contains("ram: ")) {
        assert!(readme.contains(line.trim_end()), "the README lacks {line:?}");
    }
    let shown = Run { log: readme.to_owned(), status: None };
    assert!(ram(&shown).abs_diff(ram(&run)) <= 64, "the README says {} bytes of RAM, it is {}", ram(&shown), ram(&run));
}

/// Every operation in software, by integer instructions: the same bits all the same.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn without_a_floating_point_unit_too() {
    let run = board::run(FOLDER, "digits", Some("thumbv7m-none-eabi"));
    assert_learned(&run);
    assert_eq!(run.after("weights "), format!("{} after 14400 steps", desktop_weights(Sgd, SGD_RATE, 10)));
}

/// Draws from a seed, logarithms, roots and powers in them: the same on every core.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn searches_end_at_the_desktops_bits() {
    for target in [None, Some("thumbv7m-none-eabi")] {
        let run = board::run(FOLDER, "searches", target);
        assert_eq!(run.status, Some(0), "{}", run.log);
        for (name, bits) in kilograd_tasks::searches::run().expect("settings are valid") {
            assert_eq!(run.after(&format!("{name} ends at ")), format!("{bits:016x}"));
        }
    }
}

/// The kernels in assembly against the orders of additions that they document, on the board that runs them.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn kernels_in_assembly_keep_their_orders() {
    let run = board::run("benches/cycles/firmware", "orders", None);
    assert_eq!(run.status, Some(0), "{}", run.log);
    assert!(run.log.contains("comparisons, 0 differ"), "{}", run.log);
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn adam_trains_to_the_desktops_bits() {
    let run = board::run(FOLDER, "digits-adam", None);
    assert_learned(&run);
    assert_eq!(run.after("weights "), format!("{} after 14400 steps", desktop_weights(Adam::DEFAULT, ADAM_RATE, 10)));
    assert!(ram(&run) >= Memory::<Net, Adam>::RAM_BYTES, "{}", run.log);
}

/// Reset between two saves and in the middle of one, with epochs cut in the middle: what an uncut run on the desktop ends with.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn a_run_that_is_reset_resumes_to_the_same_bits() {
    let run = board::run(FOLDER, "checkpoint", None);
    assert_eq!(run.status, Some(0), "{}", run.log);
    assert!(run.log.contains("power goes in slice 50 of a save"), "{}", run.log);
    assert_eq!(run.after("weights "), format!("{} after 4320 steps, 3 starts", desktop_weights(Adam::DEFAULT, ADAM_RATE, 3)));
}

/// With a floating-point unit and without: exponentials, logarithms, the error function, masks.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn every_layer_trains_to_the_desktops_bits() {
    let mut memory = Box::new(Memory::<every_layer::Net, Adam>::ZERO);
    let want = format!("{:016x}", every_layer::train(&mut memory, 200).expect("samples are valid"));
    for target in [None, Some("thumbv7m-none-eabi")] {
        let run = board::run(FOLDER, "every-layer", target);
        assert_eq!(run.status, Some(0), "{}", run.log);
        assert_eq!(run.after("weights "), want);
    }
}

/// An epoch in slices, in an interrupt: the bits of the desktop's epoch in one go.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn an_interrupt_trains_to_the_desktops_bits() {
    let run = board::run(FOLDER, "interrupted", None);
    assert_eq!(run.status, Some(0), "{}", run.log);
    assert_eq!(run.after("weights "), desktop_weights(Sgd, SGD_RATE, 1));
}

/// An epoch in slices, in a task of embassy's executor that yields after each: another task has as many turns.
#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn an_embassy_task_trains_to_the_desktops_bits() {
    let run = board::run(FOLDER, "embassy", None);
    assert_eq!(run.status, Some(0), "{}", run.log);
    assert_eq!(run.after("weights "), desktop_weights(Sgd, SGD_RATE, 1));
    let [slices, turns] = ["slices: ", "turns of another task: "].map(|prefix| run.after(prefix).parse::<usize>().unwrap());
    assert!(slices > digits::TRAINING && turns.abs_diff(slices) <= 1, "{}", run.log);
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn a_refused_setting_is_said_and_ends_with_a_status() {
    let run = board::run(FOLDER, "bad-settings", None);
    assert_eq!(run.status, Some(1), "{}", run.log);
    assert_eq!(run.after("training stopped: "), "LearningRate(-0.02)");
}
