//! What the benchmarks share: a network in plain loops to compare with, and random data that is never zero, so that nothing is skipped.

pub mod plain;

use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// `count` numbers in [−1, −1/16] or [1/16, 1].
pub fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let mut draw = || {
        let bits = rng.next_u32();
        let magnitude = 1.0 / 16.0 + (bits >> 8) as f32 / 16_777_216.0 * (15.0 / 16.0);
        if bits & 1 == 0 { magnitude } else { -magnitude }
    };
    (0..count).map(|_| draw()).collect()
}
