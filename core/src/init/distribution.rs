//! The distributions that weights are drawn from.

use super::{Independent, Scheme};
use kilograd_simd::math::{ln, sqrt};
use rand_core::Rng;

/// Standard deviation of a standard normal distribution that is cut off at ±2.
const TRUNCATED_DEVIATION: f32 = 0.879_625_7;

/// Independent draws with mean zero. Itself a [`Scheme`], for a spread of your own.
///
/// ```
/// use kilograd::init::{Distribution, Scheme};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut weights = [9.0; 6];
/// let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
/// Distribution::Uniform { bound: 0.5 }.fill(&mut weights, 2, 3, rng);
/// assert!(weights.iter().all(|w| (-0.5..0.5).contains(w)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Distribution {
    /// Uniform in `[−bound, bound)`.
    Uniform {
        /// The bound.
        bound: f32,
    },
    /// Normal.
    Normal {
        /// The standard deviation.
        deviation: f32,
    },
    /// Normal, redrawn beyond two standard deviations, and widened so that the deviation is as said.
    TruncatedNormal {
        /// The standard deviation of what is drawn.
        deviation: f32,
    },
}

impl Distribution {
    /// Uniform with this standard deviation.
    pub fn uniform_of_deviation(deviation: f32) -> Self {
        Self::Uniform { bound: deviation * 1.732_050_8 }
    }

    /// One draw.
    pub fn sample(self, rng: &mut impl Rng) -> f32 {
        match self {
            Self::Uniform { bound } => symmetric(rng) * bound,
            Self::Normal { deviation } => standard_normal(rng) * deviation,
            Self::TruncatedNormal { deviation } => loop {
                let draw = standard_normal(rng);
                if draw.abs() <= 2.0 {
                    return draw * (deviation / TRUNCATED_DEVIATION);
                }
            },
        }
    }
}

impl Independent for Distribution {
    fn distribution(&self, _: usize, _: usize) -> Distribution {
        *self
    }
}

impl<S: Independent> Scheme for S {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        let distribution = self.distribution(fan_in, fan_out);
        for unit in 0..fan_out.min(weights.len()) {
            // Not `step_by`, whose check of the step leaves a panic at level z.
            let mut rest = weights.get_mut(unit..).unwrap_or_default();
            while let Some((weight, after)) = rest.split_first_mut() {
                *weight = distribution.sample(rng);
                rest = after.get_mut(fan_out - 1..).unwrap_or_default();
            }
        }
    }
}

/// Uniform in [−1, 1), from the top 24 bits of a draw: every value is exact.
fn symmetric(rng: &mut impl Rng) -> f32 {
    let [.., b5, b6, b7] = rng.next_u64().to_le_bytes();
    let high = f32::from(u16::from_le_bytes([b6, b7])) * 256.0;
    (high + f32::from(b5)) / 8_388_608.0 - 1.0
}

/// A standard normal draw, by G. Marsaglia's polar method (1964).
///
/// Not a library's: their tables and `f64` functions differ between a desktop with `std` and a microcontroller, and then
/// so would the bits.
fn standard_normal(rng: &mut impl Rng) -> f32 {
    loop {
        let (x, y) = (symmetric(rng), symmetric(rng));
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * sqrt(-2.0 * ln(square) / square);
        }
    }
}
