//! Momentum, classical and Nesterov's.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::kernel::{self, MomentumStep};
use kilograd_simd::math::multiply_add;

/// Momentum: `v ← μ·v + (1 − dampening)·g`, then `w ← w − η·v`; with Nesterov's look-ahead `w ← w − η·(g + μ·v)`.
/// *State:* 1 × f32 a parameter, v.
///
/// This is PyTorch's form (the first step takes `v = g`, whatever the dampening). The book's (*Deep Learning*,
/// algorithms 8.2 and 8.3) keeps `−η·v`: the same path as long as the learning rate does not change, and for Nesterov the
/// weights here are the book's look-ahead point.
///
/// ```
/// use kilograd::optim::{Momentum, Rule};
///
/// let rule = Momentum { momentum: 0.5, ..Momentum::DEFAULT };
/// let (mut weights, mut velocity) = ([1.0], [1.0]);
/// rule.descend(&rule.plan::<()>(2, 0.25, None), 0.25, &mut weights, &mut [1.5], &mut velocity);
/// assert_eq!((weights, velocity), ([0.5], [2.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Momentum {
    /// The share of the velocity that is kept, μ, in [0, 1).
    pub momentum: f32,
    /// The share of a gradient that is left out of the velocity, in [0, 1).
    pub dampening: f32,
    /// Whether to step along the velocity that the next step will have (Nesterov).
    pub nesterov: bool,
}

impl Momentum {
    /// μ = 0.9, without dampening, classical.
    pub const DEFAULT: Self = Self { momentum: 0.9, dampening: 0.0, nesterov: false };

    /// μ = 0.9 with Nesterov's look-ahead.
    pub const NESTEROV: Self = Self { nesterov: true, ..Self::DEFAULT };

    fn step(&self, gain: f32, learning_rate: f32) -> MomentumStep {
        MomentumStep { learning_rate, momentum: self.momentum, gain, nesterov: self.nesterov }
    }
}

impl Default for Momentum {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Momentum {
    const COST: usize = 3;

    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    /// What a gradient is multiplied with on its way into the velocity.
    type Plan = f32;

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Momentum.require_decay(self.momentum)?;
        Setting::Dampening.require_decay(self.dampening)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> f32 {
        if step == 1 { 1.0 } else { 1.0 - self.dampening }
    }

    fn transform(&self, gain: &f32, _: &[f32], gradient: &mut [f32], velocity: &mut [f32]) {
        for (g, v) in gradient.iter_mut().zip(velocity) {
            *v = multiply_add(*gain, *g, self.momentum * *v);
            *g = if self.nesterov { multiply_add(self.momentum, *v, *g) } else { *v };
        }
    }

    fn descend(&self, gain: &f32, learning_rate: f32, weights: &mut [f32], gradient: &mut [f32], velocity: &mut [f32]) {
        kernel::momentum(&self.step(*gain, learning_rate), weights, gradient, velocity);
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Momentum {}

#[diagnostic::do_not_recommend]
impl Elementwise for Momentum {
    fn descend_outer(
        &self,
        gain: &f32,
        learning_rate: f32,
        input: &[f32],
        deltas: &[f32],
        weights: &mut [f32],
        velocity: &mut [f32],
    ) {
        kernel::momentum_outer(&self.step(*gain, learning_rate), input, deltas, weights, velocity);
    }
}
