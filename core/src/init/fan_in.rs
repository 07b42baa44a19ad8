//! Initialisation by the number of inputs alone.

use super::{Distribution, Independent, width};
use kilograd_simd::math::sqrt;

/// Uniform in `±1 / √in`. Source: *Deep Learning*, section 8.4, the first of its two heuristics; also what PyTorch's
/// `nn.Linear` starts from.
///
/// ```
/// use kilograd::init::{FanInUniform, Scheme};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut weights = [0.0; 8];
/// FanInUniform.fill(&mut weights, 4, 2, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// assert!(weights.iter().all(|w| w.abs() <= 0.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FanInUniform;

impl Independent for FanInUniform {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        Distribution::Uniform { bound: 1.0 / sqrt(width(fan_in)) }
    }
}
