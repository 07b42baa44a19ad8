//! A regression made by a formula: ten inputs, of which five matter.
//!
//! J. H. Friedman (1991), *Multivariate adaptive regression splines*: `y = 10·sin(π·x₀·x₁) + 20·(x₂ − ½)² + 10·x₃ + 5·x₄`
//! and noise, x uniform. The 442 samples come from SplitMix64 with seed 1991, so there is no file and no licence.

use crate::{Scaling, SplitMix64};
use kilograd::prelude::*;

/// How many samples there are.
pub const SAMPLES: usize = 442;
/// How many of them train; the other 90 test.
pub const TRAINING: usize = 352;

/// The network that learns them.
pub type Net = network![10 => 16 => Tanh => 1];

static ORDER: [u16; SAMPLES] = SplitMix64(10).shuffled();

/// The samples in shuffled order, inputs and target scaled by the training samples; the first `TRAINING` train.
pub fn load() -> [(Vector<10>, Vector<1>); SAMPLES] {
    let generated = generate();
    let rows = ORDER.map(|index| generated[usize::from(index)]);
    let inputs = Scaling::of(rows.iter().take(TRAINING).map(|(x, _)| x));
    let target = Scaling::of(rows.iter().take(TRAINING).map(|(_, y)| y));
    rows.map(|(x, y)| (inputs.apply(&x), target.apply(&y)))
}

/// The samples in the order of their generation.
pub fn generate() -> [([f64; 10], [f64; 1]); SAMPLES] {
    let mut generator = SplitMix64(1991);
    core::array::from_fn(|_| {
        let mut uniform = || (generator.next() >> 40) as f64 / 16_777_216.0;
        let x: [f64; 10] = core::array::from_fn(|_| uniform());
        // Twelve uniforms less six: nearly a standard normal.
        let noise = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        let wave = 10.0 * libm::sin(core::f64::consts::PI * x[0] * x[1]);
        let y = wave + 20.0 * (x[2] - 0.5) * (x[2] - 0.5) + 10.0 * x[3] + 5.0 * x[4] + noise;
        (x, [f64::from(y as f32)])
    })
}
