//! A random order without a table of indices.

use crate::init::below;
use rand_core::Rng;

/// Rounds of the shuffle. The χ² tests below find eight too few and nothing against twelve; twice as many leave room.
const ROUNDS: u32 = 24;

/// The numbers from 0 to n − 1, each once, in an order that a random generator decides. *Memory:* 16 bytes, whatever n.
///
/// A swap-or-not shuffle (V. T. Hoang, B. Morris and P. Rogaway, 2012): each round pairs every number with another one, its
/// mirror image about a random point, and a hash of the pair says whether the two change places. So one number's place is
/// found without knowing the others', and every order can occur.
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
    pub(crate) next: u32,
    pub(crate) count: u32,
    pub(crate) keys: [u32; 2],
}

impl Shuffle {
    /// An order of `count` numbers (no more than 2³² − 1 of them), another one for every epoch of the same generator.
    pub fn new(count: usize, rng: &mut impl Rng) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self { next: 0, count, keys: [rng.next_u32(), rng.next_u32()] }
    }

    /// The number in this place of the whole order, or `None` past its end.
    pub fn get(&self, place: usize) -> Option<usize> {
        let place = u32::try_from(place).ok().filter(|place| *place < self.count)?;
        usize::try_from(self.place(place)).ok()
    }

    /// Where `value`, which is less than `count`, goes.
    fn place(&self, value: u32) -> u32 {
        let [pair_key, swap_key] = self.keys;
        (0..ROUNDS).fold(value, |value, round| {
            let round = round.wrapping_mul(0x9E37_79B9);
            let sum = below(self.count, mix(pair_key ^ round));
            let partner = if value <= sum { sum - value } else { self.count - (value - sum) };
            let larger = if value > partner { value } else { partner };
            if mix(larger ^ mix(swap_key ^ round)) & 1 == 1 { partner } else { value }
        })
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
        let place = self.place(self.next);
        self.next += 1;
        usize::try_from(place).ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.count - self.next).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Shuffle {}

#[cfg(test)]
#[allow(clippy::as_conversions)]
mod tests {
    use super::Shuffle;
    use rand_xoshiro::Xoshiro128PlusPlus;
    use rand_xoshiro::rand_core::SeedableRng;
    use std::collections::{BTreeMap, BTreeSet};
    use std::vec::Vec;

    fn orders(count: usize, how_many: usize) -> impl Iterator<Item = Vec<usize>> {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(7);
        (0..how_many).map(move |_| Shuffle::new(count, &mut rng).collect())
    }

    /// Fails if the counts of `cells` equally likely outcomes are as uneven as chance makes them once in 10⁵ times (Wilson and
    /// Hilferty's approximation of χ² at 4.3 standard deviations).
    fn assert_even<T: Ord>(cells: usize, outcomes: impl Iterator<Item = T>) {
        let mut counts = BTreeMap::new();
        let mut total = 0.0;
        for outcome in outcomes {
            *counts.entry(outcome).or_insert(0.0_f64) += 1.0;
            total += 1.0;
        }
        let (cells, seen) = (cells as f64, counts.len() as f64);
        let expected = total / cells;
        let chi_square = counts.values().map(|n| (n - expected).powi(2) / expected).sum::<f64>() + (cells - seen) * expected;
        let freedom = cells - 1.0;
        let spread = 2.0 / (9.0 * freedom);
        let bound = freedom * (1.0 - spread + 4.3 * spread.sqrt()).powi(3);
        assert!(chi_square < bound, "χ² {chi_square} with {freedom} degrees of freedom, {bound} allowed");
    }

    #[test]
    fn every_number_comes_once() {
        let rng = &mut Xoshiro128PlusPlus::seed_from_u64(7);
        let large = if cfg!(miri) { [33, 47, 63] } else { [1_440, 1_797, 65_537] };
        for count in (0..if cfg!(miri) { 17 } else { 200 }).chain(large) {
            let seen: BTreeSet<usize> = Shuffle::new(count, rng).collect();
            assert_eq!(seen.len(), count);
            assert!(seen.last().is_none_or(|last| *last < count));
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "too many draws for an interpreter")]
    fn every_order_is_as_likely() {
        assert_even(24, orders(4, 24_000));
        assert_even(120, orders(5, 120_000));
        assert_even(720, orders(6, 72_000));
    }

    #[test]
    #[cfg_attr(miri, ignore = "too many draws for an interpreter")]
    fn the_first_two_places_see_every_pair() {
        for count in [5, 6, 10, 16, 64] {
            let pairs = count * (count - 1);
            assert_even(pairs, orders(count, 20 * pairs + 5_000).map(|order| (order.first().copied(), order.get(1).copied())));
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "too many draws for an interpreter")]
    fn even_and_odd_orders_occur() {
        for count in [2, 5, 10, 16, 64, 256] {
            assert_even(2, orders(count, 4_000).map(|order| inversions(&order) % 2));
        }
    }

    fn inversions(order: &[usize]) -> usize {
        order.iter().enumerate().map(|(i, x)| order.iter().skip(i + 1).filter(|y| *y < x).count()).sum()
    }
}
