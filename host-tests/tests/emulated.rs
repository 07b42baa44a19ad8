//! The firmware on an emulated Cortex-M4F: it learns, to the desktop's bits, in the RAM that was promised.
#![cfg(feature = "emulated")]

use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_host_tests::board::{self, Run};
use kilograd_tasks::digits::{self, ADAM_RATE, Digits, Net, SGD_RATE};

/// What tape, state and stack may take beside the parameters of a firmware that trains with SGD, in bytes.
const SGD_OVERHEAD: usize = 1_536;

/// The weights that the desktop trains, as the firmware prints them.
fn desktop_weights<R: Elementwise>(rule: R, rate: f32, epochs: usize) -> String {
    let mut memory = Box::new(Memory::<Net, R>::ZERO);
    let mut rng = digits::initialize(&mut memory.network, 1);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, rate).expect("settings are valid");
    for _ in 0..epochs {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, &mut rng)).expect("samples are valid");
    }
    format!("{:016x}", fingerprint(trainer.network()))
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
fn sgd_trains_to_the_desktops_bits() {
    let run = board::run("digits");
    assert_learned(&run);
    assert_eq!(run.after("weights "), format!("{} after 14400 steps", desktop_weights(Sgd, SGD_RATE, 10)));
    let most = Memory::<Net, Sgd>::PARAMETER_BYTES + SGD_OVERHEAD;
    assert!(ram(&run) <= most, "{} bytes of RAM, {most} were promised", ram(&run));
}

#[test]
fn adam_trains_to_the_desktops_bits() {
    let run = board::run("digits-adam");
    assert_learned(&run);
    assert_eq!(run.after("weights "), format!("{} after 14400 steps", desktop_weights(Adam::DEFAULT, ADAM_RATE, 10)));
    assert!(ram(&run) >= Memory::<Net, Adam>::RAM_BYTES, "{}", run.log);
}

#[test]
fn a_refused_setting_is_said_and_ends_with_a_status() {
    let run = board::run("bad-settings");
    assert_eq!(run.status, Some(1), "{}", run.log);
    assert_eq!(run.after("training stopped: "), "LearningRate(-0.02)");
}
