//! LeCun's initialisation.

use super::{Distribution, Scheme, width};
use kilograd_simd::math::sqrt;
use rand_core::Rng;

fn deviation(fan_in: usize) -> f32 {
    sqrt(1.0 / width(fan_in))
}

/// Uniform in `±√(3 / in)`. Source: Y. LeCun et al., *Efficient backprop* (1998).
///
/// ```
/// use kilograd::init::{LecunUniform, Scheme};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut weights = [0.0; 6];
/// LecunUniform.fill(&mut weights, 2, 3, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// assert!(weights.iter().all(|w| w.abs() < 1.2248));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LecunUniform;

impl Scheme for LecunUniform {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        Distribution::uniform_of_deviation(deviation(fan_in)).fill(weights, fan_in, fan_out, rng);
    }
}

/// Normal with standard deviation `√(1 / in)`. Source: as [`LecunUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LecunNormal;

impl Scheme for LecunNormal {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        Distribution::Normal { deviation: deviation(fan_in) }.fill(weights, fan_in, fan_out, rng);
    }
}

/// Normal, cut off at two standard deviations of the underlying distribution, with standard deviation `√(1 / in)` (the
/// default of Flax). Source: as [`LecunUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LecunTruncatedNormal;

impl Scheme for LecunTruncatedNormal {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        Distribution::TruncatedNormal { deviation: deviation(fan_in) }.fill(weights, fan_in, fan_out, rng);
    }
}
