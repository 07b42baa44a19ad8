//! What the benchmarks share: a network in plain loops to compare with, and random data that is never zero, so that nothing is skipped.

pub mod plain;

/// Chains of operations that do not wait for each other, of the measured peaks: an operation takes about four cycles, and two begin in each.
pub const CHAINS: usize = 12;
/// Operations of a chain, and how many numbers each is of.
pub const ROUNDS: usize = 512;
/// At least a vector.
pub const WIDTH: usize = 16;
/// Numbers that fit into the first-level cache.
pub const RESIDENT: usize = 4096;

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
