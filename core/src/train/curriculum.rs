//! Easy samples first.

use super::Shuffle;
use crate::tensor::Zero;
use rand_core::Rng;

/// How hard each of `SAMPLES` samples is, and orders that begin with the easy ones. *Memory:* 1 byte a sample.
///
/// What is hard is for the caller to say: a loss under a network trained a little, the length of a sequence, the noise of a
/// sensor. A score keeps its exponent and four bits of its mantissa, from 2⁻¹² to 2⁴: what differs by a sixteenth or more is
/// told apart, and of equals the one with the lower index counts as easier. Where the score is a formula of the index, no
/// memory is needed at all: `Shuffle::new(samples, rng).filter(|index| score(*index) <= limit)` is such an order.
///
/// Source: Y. Bengio et al., *Curriculum learning* (2009); W. Zaremba and I. Sutskever, *Learning to execute* (2014), for
/// the stochastic curriculum; *Deep Learning*, section 8.7.6.
///
/// ```
/// use kilograd::tensor::Zero;
/// use kilograd::train::Curriculum;
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut curriculum = Curriculum::<4>::ZERO;
/// for (index, loss) in [2.0, 0.1, 0.5, 3.0].into_iter().enumerate() {
///     curriculum.rate(index, loss);
/// }
/// let mut half: Vec<usize> = curriculum.easiest(0.5, &mut Xoshiro128PlusPlus::seed_from_u64(1)).collect();
/// half.sort();
/// assert_eq!(half, [1, 2]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curriculum<const SAMPLES: usize> {
    pub(crate) levels: [u8; SAMPLES],
}

impl<const SAMPLES: usize> Curriculum<SAMPLES> {
    /// Says how hard sample `index` is: the larger, the harder; NaN is hardest. There is no sample past the end to rate.
    pub fn rate(&mut self, index: usize, score: f32) {
        if let Some(level) = self.levels.get_mut(index) {
            *level = level_of(score);
        }
    }

    /// The easiest samples, `share` of all (a curriculum lets it grow from epoch to epoch up to 1), each once, in random
    /// order. At least one, if there is any; all of them for a share that is not a number.
    pub fn easiest(&self, share: f32, rng: &mut impl Rng) -> Easiest<'_, SAMPLES> {
        Easiest { levels: &self.levels, limit: self.limit(share), order: Shuffle::new(SAMPLES, rng) }
    }

    /// A random mix of `draws` samples: each is one of the harder half with probability `hard`, which a stochastic
    /// curriculum lets grow from epoch to epoch up to ½ (all alike) or above, else one of the easier half. None comes again
    /// before all of its half have come.
    pub fn mixed<'c, R: Rng>(&'c self, draws: usize, hard: f32, rng: &'c mut R) -> Mixed<'c, SAMPLES, R> {
        let orders = [Shuffle::new(SAMPLES, rng), Shuffle::new(SAMPLES, rng)];
        Mixed { levels: &self.levels, limit: self.limit(0.5), hard, left: draws, orders, rng }
    }

    /// The hardest of the easiest `share`.
    fn limit(&self, share: f32) -> Limit {
        let wanted = self.how_many(share);
        // The level is found bit by bit: eight passes over the samples, and no memory to sort them in.
        let level = (0..8).rev().fold(0_u8, |level, bit| {
            let below = self.levels.iter().filter(|l| **l < level | (1 << bit)).count();
            if below < wanted { level | (1 << bit) } else { level }
        });
        let below = self.levels.iter().filter(|l| **l < level).count();
        let of_level = self.levels.iter().enumerate().filter(|(_, l)| **l == level);
        let last = of_level.map(|(index, _)| index).nth(wanted.saturating_sub(below).saturating_sub(1));
        Limit { level, index: last.unwrap_or(usize::MAX) }
    }

    /// `share` of all samples, rounded up; at least one.
    fn how_many(&self, share: f32) -> usize {
        // Counted, not multiplied: there is no conversion to an integer that could not fail.
        let wanted = share * crate::tensor::count(SAMPLES);
        let enough = (1..SAMPLES).find(|many| crate::tensor::count(*many) >= wanted);
        enough.unwrap_or(SAMPLES)
    }
}

impl<const SAMPLES: usize> Zero for Curriculum<SAMPLES> {
    const ZERO: Self = Self { levels: [0; SAMPLES] };
}

/// The hardest sample that counts as easy.
#[derive(Clone, Copy, Debug)]
struct Limit {
    level: u8,
    index: usize,
}

impl Limit {
    fn admits(self, levels: &[u8], index: usize) -> bool {
        levels.get(index).is_some_and(|level| (*level, index) <= (self.level, self.index))
    }
}

/// The exponent and four bits of the mantissa, from 2⁻¹² on.
fn level_of(score: f32) -> u8 {
    const LOWEST: u32 = (127 - 12) << 4;
    if score.is_nan() {
        return u8::MAX;
    }
    let steps = if score > 0.0 { (score.to_bits() >> 19).saturating_sub(LOWEST) } else { 0 };
    u8::try_from(steps).unwrap_or(u8::MAX)
}

/// The easiest samples in random order: [`Curriculum::easiest`].
#[derive(Clone, Debug)]
pub struct Easiest<'c, const SAMPLES: usize> {
    levels: &'c [u8; SAMPLES],
    limit: Limit,
    order: Shuffle,
}

impl<const SAMPLES: usize> Iterator for Easiest<'_, SAMPLES> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let Self { levels, limit, order } = self;
        order.find(|index| limit.admits(*levels, *index))
    }
}

/// A random mix of easy and hard samples: [`Curriculum::mixed`].
#[derive(Debug)]
pub struct Mixed<'c, const SAMPLES: usize, R> {
    levels: &'c [u8; SAMPLES],
    limit: Limit,
    hard: f32,
    left: usize,
    /// Where the easier half stands, and the harder.
    orders: [Shuffle; 2],
    rng: &'c mut R,
}

impl<const SAMPLES: usize, R: Rng> Iterator for Mixed<'_, SAMPLES, R> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let Self { levels, limit, hard, orders: [easy_order, hard_order], rng, .. } = self;
        let draw = f32::from_bits((rng.next_u32() >> 9) | 1.0_f32.to_bits()) - 1.0;
        // A single sample is an easy one.
        let is_hard = draw < *hard && SAMPLES > 1;
        let order = if is_hard { hard_order } else { easy_order };
        let of_half = |order: &mut Shuffle| order.find(|index| limit.admits(*levels, *index) != is_hard);
        of_half(order).or_else(|| {
            *order = Shuffle::new(SAMPLES, *rng);
            of_half(order)
        })
    }
}
