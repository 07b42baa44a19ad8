//! Parameter initialisation, one family of schemes a file.
//!
//! Random numbers come from any generator of `rand_core`'s [`Rng`]; `rand_xoshiro`'s `Xoshiro128PlusPlus` (16 bytes of
//! state, 32-bit operations) suits a microcontroller. The same generator and seed give the same bits on every target: a
//! draw is 24 bits of `next_u64`, exact in `f32`, and logarithm and square root have one definition.
//!
//! Weights are drawn unit by unit (all that enter the first output, then the second, …): the order of PyTorch's
//! `[out][in]` weights, whatever the layout here.
//!
//! | scheme | distribution | for |
//! |---|---|---|
//! | [`GlorotUniform`], [`GlorotNormal`] | standard deviation `√(2 / (in + out))` | tanh, sigmoid |
//! | [`HeUniform`], [`HeNormal`] | `√(2 / in)` | ReLU |
//! | [`LecunUniform`], [`LecunNormal`], [`LecunTruncatedNormal`] | `√(1 / in)` | SELU, no activation |
//! | [`FanInUniform`] | `√(1 / (3·in))` | the book's plainest heuristic |
//! | [`RandomWalk`] | `g / √in` | many layers |
//! | [`Orthogonal`] | `gain / √max(in, out)`, the units at right angles | many layers |
//! | [`Sparse`] | `nonzero` weights a unit, the others zero | wide layers |
//! | [`Constant`] | – | to show why weights must differ |
//!
//! ```
//! use kilograd::init::{Bias, HeUniform};
//! use kilograd::layer::Layer;
//! use kilograd::network;
//! use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
//!
//! let mut net = <network![64 => 32 => Relu => 10]>::default();
//! net.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
//! ```

mod bias;
mod distribution;
mod fan_in;
mod glorot;
mod he;
mod lecun;
mod marginals;
mod orthogonal;
mod random_walk;
mod sparse;

pub use bias::Bias;
pub use distribution::Distribution;
pub use fan_in::FanInUniform;
pub use glorot::{GlorotNormal, GlorotUniform};
pub use he::{HeNormal, HeUniform};
pub use lecun::{LecunNormal, LecunTruncatedNormal, LecunUniform};
pub use marginals::fit_marginals;
pub use orthogonal::Orthogonal;
pub use random_walk::RandomWalk;
pub use sparse::Sparse;

use crate::tensor::count;
use rand_core::Rng;

/// Fills a layer's weights.
pub trait Scheme {
    /// Fills `weights`, input-major (`fan_in` rows of `fan_out`).
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng);
}

/// A scheme that draws every weight by itself: all it has to say is from which distribution.
pub trait Independent {
    /// What the weights of a layer with so many inputs and outputs are drawn from.
    fn distribution(&self, fan_in: usize, fan_out: usize) -> Distribution;
}

/// Every weight the same.
///
/// A demonstration, not a way to train: units that start equal stay equal (*Deep Learning*, section 8.4, symmetry
/// breaking).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Constant(pub f32);

impl Scheme for Constant {
    fn fill(&self, weights: &mut [f32], _: usize, _: usize, _: &mut impl Rng) {
        weights.fill(self.0);
    }
}

/// A layer's width as a number; at least 1, so that nothing is divided by zero.
fn width(fan: usize) -> f32 {
    count(fan.max(1))
}

/// A number below `count` from 32 random bits, by their product's upper half.
pub(crate) fn below(count: u32, bits: u32) -> u32 {
    let [.., b4, b5, b6, b7] = (u64::from(bits) * u64::from(count)).to_le_bytes();
    u32::from_le_bytes([b4, b5, b6, b7])
}
