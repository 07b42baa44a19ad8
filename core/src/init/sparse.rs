//! A few weights a unit.

use super::{Distribution, Scheme, below};
use rand_core::Rng;

/// Exactly `nonzero` incoming weights of every unit are drawn (all, if it has fewer inputs); the others are zero. *Memory:*
/// none but the weights.
///
/// A unit's input then has the same size whatever the number of inputs, and units differ more from each other. Source:
/// J. Martens, *Deep learning via Hessian-free optimization* (2010), with 15 of them, standard normal; *Deep Learning*,
/// section 8.4. PyTorch's `sparse_` zeroes a share of the weights that leave each input instead.
///
/// Which ones is decided in one pass, by selection sampling (Knuth, volume 2, section 3.4.2, algorithm S).
///
/// ```
/// use kilograd::init::{Scheme, Sparse};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut weights = [9.0; 40];
/// Sparse::MARTENS.fill(&mut weights, 40, 1, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// assert_eq!(weights.iter().filter(|w| **w != 0.0).count(), 15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sparse {
    /// How many incoming weights of a unit are drawn.
    pub nonzero: usize,
    /// From which distribution.
    pub distribution: Distribution,
}

impl Sparse {
    /// Fifteen a unit, standard normal.
    pub const MARTENS: Self = Self { nonzero: 15, distribution: Distribution::Normal { deviation: 1.0 } };
}

impl Scheme for Sparse {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        for unit in 0..fan_out.min(weights.len()) {
            let (mut wanted, mut left) = (self.nonzero.min(fan_in), fan_in);
            let mut rest = weights.get_mut(unit..).unwrap_or_default();
            while let Some((weight, after)) = rest.split_first_mut() {
                let chosen = below(u32::try_from(left).unwrap_or(u32::MAX), rng.next_u32());
                let chosen = usize::try_from(chosen).is_ok_and(|chosen| chosen < wanted);
                *weight = if chosen { self.distribution.sample(rng) } else { 0.0 };
                wanted -= usize::from(chosen);
                left = left.saturating_sub(1);
                rest = after.get_mut(fan_out - 1..).unwrap_or_default();
            }
        }
    }
}
