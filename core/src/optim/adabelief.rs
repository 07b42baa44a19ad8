//! AdaBelief.

use super::adam::AdamPlan;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// AdaBelief: `m ← β₁·m + (1 − β₁)·g`, `s ← β₂·s + (1 − β₂)·(g − m)² + ε`, then
/// `w ← w − η/(1 − β₁ᵗ)·m / (√s / √(1 − β₂ᵗ) + ε)`. *State:* 2 × f32 a parameter, m and s.
///
/// Long steps where gradients are as foreseen, short ones where they surprise. optax's form, whose two ε are one here.
///
/// Source: J. Zhuang et al., *AdaBelief optimizer* (2020).
///
/// ```
/// use kilograd::optim::{AdaBelief, Rule};
///
/// let rule = AdaBelief::DEFAULT;
/// let (mut gradient, mut m, mut s) = ([-3.0], [0.0], [0.0]);
/// rule.transform(&rule.plan::<()>(1, 0.1, None), &[0.0], &mut gradient, (&mut m, &mut s));
/// // Nothing was foreseen: 0.9 of the gradient is a surprise.
/// assert!((gradient[0] + 1.0 / 0.9).abs() < 1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdaBelief {
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the squared surprise, in [0, 1).
    pub beta2: f32,
    /// Added to s in every step and to its root, above 0.
    pub epsilon: f32,
}

impl AdaBelief {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻¹⁶.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-16 };
}

impl Default for AdaBelief {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for AdaBelief {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = AdamPlan;

    fn view<T: Tensor>((m, s): &mut (T, T)) -> Self::View<'_> {
        (m.as_mut_slice(), s.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> AdamPlan {
        AdamPlan::new(self.beta1, self.beta2, step)
    }

    fn transform(&self, plan: &AdamPlan, _: &[f32], gradient: &mut [f32], (m, s): Self::View<'_>) {
        let (gain1, gain2, rate) = (1.0 - self.beta1, 1.0 - self.beta2, 1.0 / plan.correction1);
        for ((g, m), s) in gradient.iter_mut().zip(m).zip(s) {
            *m = self.beta1 * *m + gain1 * *g;
            let surprise = *g - *m;
            *s = self.beta2 * *s + gain2 * (surprise * surprise) + self.epsilon;
            *g = rate * *m / (sqrt(*s) * plan.root_correction2 + self.epsilon);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for AdaBelief {}

#[diagnostic::do_not_recommend]
impl Elementwise for AdaBelief {}
