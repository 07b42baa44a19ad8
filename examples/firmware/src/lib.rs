//! What the firmwares share: training the digits, and saying over defmt how it goes.
#![no_std]
#![deny(unsafe_code)]

mod faults;
mod ram_flash;

pub use ram_flash::RamFlash;
pub mod uart;

use cortex_m as _;
use cortex_m_stack::{stack_painted, stack_rev, stack_size};
use defmt_semihosting as _;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_tasks::digits::{self, Digits, Net};
use semihosting::process;

/// Where RAM begins, as memory.x says.
const RAM_ORIGIN: usize = number(env!("RAM_ORIGIN"), 16) as usize;
/// How often every sample is seen, unless FIRMWARE_EPOCHS says otherwise when the firmware is built.
pub const EPOCHS: u32 = match option_env!("FIRMWARE_EPOCHS") {
    Some(epochs) => number(epochs, 10),
    None => 10,
};
/// The test accuracy from which the network counts as trained; ten classes guessed at give 0.1.
const LEARNED: f32 = 0.9;

/// Trains from `seed` for so many epochs, one sample a step, and ends the program with a status that says whether the
/// network learned.
pub fn train<R: Elementwise>(memory: &'static mut Memory<Net, R>, rule: R, rate: f32, seed: u64, epochs: u32) -> ! {
    defmt::info!("{} parameters, {} bytes to train them", Memory::<Net, R>::PARAMETERS, Memory::<Net, R>::RAM_BYTES);
    let learned = match run(memory, rule, rate, seed, epochs) {
        Ok(accuracy) => accuracy >= LEARNED,
        Err(error) => {
            defmt::error!("training stopped: {}", error);
            false
        }
    };
    report_ram();
    if learned {
        defmt::info!("learned");
    } else {
        defmt::error!("not learned");
    }
    end(learned)
}

/// A number that the build was given.
const fn number(digits: &str, radix: u32) -> u32 {
    match u32::from_str_radix(digits, radix) {
        Ok(number) => number,
        Err(_) => panic!("not a number"),
    }
}

/// Ends the program with a status that says whether it did what it should.
pub fn end(well: bool) -> ! {
    process::exit(if well { 0 } else { 1 })
}

fn run<R: Elementwise>(memory: &mut Memory<Net, R>, rule: R, rate: f32, seed: u64, epochs: u32) -> Result<f32, Error> {
    let mut rng = digits::initialize(&mut memory.network, seed);
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, rate)?;
    let (training, test) = (Digits::training(), Digits::test());
    let mut accuracy = 0.0;
    for epoch in 1..=epochs {
        let loss = trainer.epoch(&training, Shuffle::new(training.len(), &mut rng))?;
        let mut correct = 0_u16;
        let test_loss = trainer.evaluate_all(&test, 0..test.len(), |label, output| {
            correct += u16::from(output.argmax() == Some(*label));
            Ok(())
        })?;
        accuracy = f32::from(correct) / test.len() as f32;
        defmt::info!("epoch {}: loss {}, test loss {}, test accuracy {}", epoch, loss, test_loss, accuracy);
    }
    defmt::info!("weights {=u64:016x} after {} steps", fingerprint(trainer.network()), trainer.steps());
    Ok(accuracy)
}

/// All RAM that was used: what the linker placed, and how far down the painted stack was overwritten.
fn report_ram() {
    let statics = stack_rev().start as usize - RAM_ORIGIN;
    let stack = (stack_size() - stack_painted()) as usize;
    defmt::info!("ram: {} bytes of statics + {} bytes of stack = {}", statics, stack, statics + stack);
}
