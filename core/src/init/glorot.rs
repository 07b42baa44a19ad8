//! Glorot's normalised initialisation.

use super::{Distribution, Independent, width};
use kilograd_simd::math::sqrt;

fn deviation(fan_in: usize, fan_out: usize) -> f32 {
    sqrt(2.0 / (width(fan_in) + width(fan_out)))
}

/// Uniform in `±√(6 / (in + out))`. Source: X. Glorot and Y. Bengio (2010); *Deep Learning*, equation 8.23. Also known as
/// Xavier.
///
/// ```
/// use kilograd::init::{GlorotUniform, Scheme};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut weights = [0.0; 6];
/// GlorotUniform.fill(&mut weights, 2, 3, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// assert!(weights.iter().all(|w| w.abs() < 1.0955));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GlorotUniform;

impl Independent for GlorotUniform {
    fn distribution(&self, fan_in: usize, fan_out: usize) -> Distribution {
        Distribution::uniform_of_deviation(deviation(fan_in, fan_out))
    }
}

/// Normal with standard deviation `√(2 / (in + out))`. Source: as [`GlorotUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct GlorotNormal;

impl Independent for GlorotNormal {
    fn distribution(&self, fan_in: usize, fan_out: usize) -> Distribution {
        Distribution::Normal { deviation: deviation(fan_in, fan_out) }
    }
}
