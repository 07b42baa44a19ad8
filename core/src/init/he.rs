//! He's initialisation, for rectified units.

use super::{Distribution, Scheme, width};
use kilograd_simd::math::sqrt;
use rand_core::Rng;

fn deviation(fan_in: usize) -> f32 {
    sqrt(2.0 / width(fan_in))
}

/// Uniform in `±√(6 / in)`. Source: K. He et al., *Delving deep into rectifiers* (2015). Also known as Kaiming.
///
/// ```
/// use kilograd::init::{HeUniform, Scheme};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut weights = [0.0; 6];
/// HeUniform.fill(&mut weights, 2, 3, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// assert!(weights.iter().all(|w| w.abs() < 1.7321));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeUniform;

impl Scheme for HeUniform {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        Distribution::uniform_of_deviation(deviation(fan_in)).fill(weights, fan_in, fan_out, rng);
    }
}

/// Normal with standard deviation `√(2 / in)`. Source: as [`HeUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeNormal;

impl Scheme for HeNormal {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        Distribution::Normal { deviation: deviation(fan_in) }.fill(weights, fan_in, fan_out, rng);
    }
}
