//! A random order without a table of indices.

use rand_core::Rng;

/// Rounds of the Feistel network. Four are enough in theory (M. Luby and C. Rackoff, 1988), for large halves; with halves of
/// two bits (ten samples) four leave the last place 24 % too often to one sample, eight none that a χ² test finds.
const ROUNDS: usize = 8;

/// The numbers from 0 to n − 1, each once, in an order that a random generator decides. *Memory:* 44 bytes, whatever n.
///
/// A Feistel network permutes the numbers of the next even count of bits; those of n or more are permuted again until they
/// are smaller (cycle walking; J. Black and P. Rogaway, 2002): fewer than four rounds through the network on average.
///
/// ```
/// use kilograd::train::Shuffle;
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut seen = [false; 10];
/// for index in Shuffle::new(10, &mut Xoshiro128PlusPlus::seed_from_u64(1)) {
///     seen[index] = true;
/// }
/// assert_eq!(seen, [true; 10]);
/// ```
#[derive(Clone, Debug)]
pub struct Shuffle {
    next: u32,
    count: u32,
    half_bits: u32,
    keys: [u32; ROUNDS],
}

impl Shuffle {
    /// An order of `count` numbers (no more than 2³² − 1 of them), another one for every epoch of the same generator.
    pub fn new(count: usize, rng: &mut impl Rng) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let bits = u32::BITS - count.saturating_sub(1).leading_zeros();
        Self { next: 0, count, half_bits: bits.div_ceil(2).max(1), keys: core::array::from_fn(|_| rng.next_u32()) }
    }

    /// Where the Feistel network sends `value`.
    fn permute(&self, value: u32) -> u32 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        (left << self.half_bits) | right
    }
}

/// The 32-bit finaliser of MurmurHash3 (A. Appleby): every bit of `h` moves every bit of the result.
fn mix(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

impl Iterator for Shuffle {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.next >= self.count {
            return None;
        }
        let mut value = self.permute(self.next);
        while value >= self.count {
            value = self.permute(value);
        }
        self.next += 1;
        usize::try_from(value).ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.count - self.next).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Shuffle {}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::Shuffle;
    use rand_xoshiro::Xoshiro128PlusPlus;
    use rand_xoshiro::rand_core::SeedableRng;
    use std::collections::BTreeSet;
    use std::vec::Vec;

    #[test]
    fn every_number_comes_once() {
        let rng = &mut Xoshiro128PlusPlus::seed_from_u64(7);
        for count in (0..200).chain([1_440, 1_797, 65_537]) {
            let seen: BTreeSet<usize> = Shuffle::new(count, rng).collect();
            assert_eq!(seen.len(), count);
            assert!(seen.last().is_none_or(|last| *last < count));
        }
    }

    #[test]
    fn orders_differ_and_each_place_sees_all() {
        let rng = &mut Xoshiro128PlusPlus::seed_from_u64(7);
        let orders: BTreeSet<Vec<usize>> = (0..1000).map(|_| Shuffle::new(12, rng).collect()).collect();
        assert!(orders.len() > 990, "{}", orders.len());
        for place in [0, 4, 9] {
            let mut seen = [0_u32; 10];
            for _ in 0..10_000 {
                let index = Shuffle::new(10, rng).nth(place).unwrap_or_default();
                seen[index] += 1;
            }
            // χ² with 9 degrees of freedom exceeds 27.9 once in a thousand times.
            let chi_square: f64 = seen.iter().map(|n| (f64::from(*n) - 1000.0).powi(2) / 1000.0).sum();
            assert!(chi_square < 27.9, "place {place}: {seen:?}");
        }
    }
}
