//! He's initialisation, for rectified units.

use super::{Distribution, Independent, width};
use kilograd_simd::math::sqrt;

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

impl Independent for HeUniform {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        Distribution::uniform_of_deviation(deviation(fan_in))
    }
}

/// Normal with standard deviation `√(2 / in)`. Source: as [`HeUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeNormal;

impl Independent for HeNormal {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        Distribution::Normal { deviation: deviation(fan_in) }
    }
}
