//! Firmwares that do nothing but train, or nothing at all. No code in them measures: the test paints the emulated board's
//! RAM before they start, and reads it when they have ended.
#![no_std]
#![forbid(unsafe_code)]

use cortex_m::peripheral::SCB;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use panic_never as _;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

/// The network of the digits.
pub type Net = network![64 => 32 => Relu => 10];

/// How often the samples are gone through.
pub const EPOCHS: usize = 20;

/// What is trained on: a rising slope and a falling one.
pub static SAMPLES: [(Vector<64>, usize); 2] = [(slope(1.0), 3), (slope(-1.0), 7)];

const fn slope(by: f32) -> Vector<64> {
    let mut x = [0.0; 64];
    let mut i = 0;
    while i < 64 {
        x[i] = by * (i as f32 - 31.5) / 32.0;
        i += 1;
    }
    Vector::new(x)
}

/// Draws the first weights and trains.
///
/// # Errors
/// None with settings and samples that are valid.
pub fn train<R: Elementwise>(memory: &mut Memory<Net, R>, rule: R, rate: f32) -> Result<(), Error> {
    memory.network.initialize(&HeUniform, Bias::Zero, &mut SplitMix64::seed_from_u64(1));
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, rate)?;
    for _ in 0..EPOCHS {
        for (input, label) in &SAMPLES {
            trainer.step(input, label)?;
        }
    }
    Ok(())
}

/// Resets the board: QEMU stops there.
pub fn end() -> ! {
    SCB::sys_reset()
}
