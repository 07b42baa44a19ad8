//! The natural gradient, by the diagonal of the Fisher information.

use super::arithmetic::correction;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};

/// Divides the gradient by a running mean of its square: `F ← β₂·F + (1 − β₂)·g²`, then `g / (F / (1 − β₂ᵗ) + ε)`.
/// *State:* 1 × f32 a parameter.
///
/// With the gradients of single samples (a fused trainer's, or batches of 1) F is the diagonal of the empirical Fisher
/// information, and the direction that of steepest descent in the distributions that the network says. Without Adam's root
/// it is a curvature: the learning rate counts in Newton steps. Source: S. Amari (1998); N. Le Roux, P.-A. Manzagol and
/// Y. Bengio, *Topmoumoute online natural gradient algorithm* (2008), for running estimates of it.
///
/// ```
/// use kilograd::optim::{NaturalGradient, Rule};
///
/// let rule = NaturalGradient { beta2: 0.9, epsilon: 1.0 };
/// let (mut direction, mut fisher) = ([3.0], [0.0]);
/// rule.transform(&rule.plan::<()>(1, 0.1, None), &[0.0], &mut direction, &mut fisher);
/// assert!((direction[0] - 3.0 / 10.0).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NaturalGradient {
    /// Decay of the mean square, in [0, 1).
    pub beta2: f32,
    /// The damping, above 0: what the curvature of a parameter is at least.
    pub epsilon: f32,
}

impl Rule for NaturalGradient {
    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    /// `1 / (1 − β₂ᵗ)`.
    type Plan = f32;

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> f32 {
        1.0 / correction(self.beta2, step)
    }

    fn transform(&self, plan: &f32, _: &[f32], gradient: &mut [f32], fisher: &mut [f32]) {
        let gain = 1.0 - self.beta2;
        for (g, f) in gradient.iter_mut().zip(fisher) {
            *f = self.beta2 * *f + gain * (*g * *g);
            *g /= *f * plan + self.epsilon;
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for NaturalGradient {}

#[diagnostic::do_not_recommend]
impl Elementwise for NaturalGradient {}
