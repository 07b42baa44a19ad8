//! LeCun's initialisation.

use super::{Distribution, Independent, width};
use kilograd_simd::math::sqrt;

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

impl Independent for LecunUniform {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        Distribution::uniform_of_deviation(deviation(fan_in))
    }
}

/// Normal with standard deviation `√(1 / in)`. Source: as [`LecunUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LecunNormal;

impl Independent for LecunNormal {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        Distribution::Normal { deviation: deviation(fan_in) }
    }
}

/// Normal, cut off at two standard deviations of the underlying distribution, with standard deviation `√(1 / in)` (the
/// default of Flax). Source: as [`LecunUniform`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LecunTruncatedNormal;

impl Independent for LecunTruncatedNormal {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        Distribution::TruncatedNormal { deviation: deviation(fan_in) }
    }
}
