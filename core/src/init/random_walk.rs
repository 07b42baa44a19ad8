//! Weights that keep the size of what passes through many layers.

use super::{Distribution, Independent, width};
use kilograd_simd::math::{exp, sqrt};

/// Normal with standard deviation `g / √in`, the gain g chosen so that the logarithm of the activations' norm takes a random
/// walk over the layers without drift: `exp(1 / (2·in))` for linear units, `√2·exp(1.2 / (max(in, 6) − 2.4))` for ReLU.
///
/// A gain of 1 or √2 ([`LecunNormal`](super::LecunNormal), [`HeNormal`](super::HeNormal)) keeps the norm's mean square, but
/// most networks lie below it: over 50 layers of 16 rectified units the typical norm falls to an eightieth. Source: D. Sussillo and
/// L. Abbott, *Random walk initialization for training very deep feedforward networks* (2014); *Deep Learning*, section 8.4.
///
/// ```
/// use kilograd::init::{Distribution, Independent, RandomWalk};
///
/// let Distribution::Normal { deviation } = RandomWalk::Linear.distribution(4, 4) else { unreachable!() };
/// assert!((deviation - 0.5 * 1.1331485).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum RandomWalk {
    /// For linear units.
    Linear,
    /// For rectified units.
    Relu,
}

impl Independent for RandomWalk {
    fn distribution(&self, fan_in: usize, _: usize) -> Distribution {
        let n = width(fan_in);
        let gain = match self {
            Self::Linear => exp(0.5 / n),
            Self::Relu => sqrt(2.0) * exp(1.2 / (width(fan_in.max(6)) - 2.4)),
        };
        Distribution::Normal { deviation: gain / sqrt(n) }
    }
}
