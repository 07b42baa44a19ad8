//! Yogi.

use super::adam::AdamPlan;
use super::arithmetic::sign;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// Yogi: `m ← β₁·m + (1 − β₁)·g`, `v ← v − (1 − β₂)·sign(v − g²)·g²`, then
/// `w ← w − η/(1 − β₁ᵗ)·m / (√v / √(1 − β₂ᵗ) + ε)`. *State:* 2 × f32 a parameter, m and v.
///
/// Where [`Adam`](super::Adam)'s v forgets in proportion to itself, this one moves by no more than the new square: the rate
/// rises slowly. optax's form: both moments start from `initial`.
///
/// Source: M. Zaheer et al., *Adaptive methods for nonconvex optimization* (2018).
///
/// ```
/// use kilograd::optim::{Rule, Yogi};
///
/// let rule = Yogi { beta2: 0.5, ..Yogi::DEFAULT };
/// let (mut gradient, mut m, mut v) = ([-2.0], [0.0], [9.0]);
/// rule.transform(&rule.plan::<()>(2, 0.1, None), &[0.0], &mut gradient, (&mut m, &mut v));
/// assert_eq!(v, [7.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Yogi {
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the second moment, in [0, 1).
    pub beta2: f32,
    /// Added to the root of the second moment, above 0.
    pub epsilon: f32,
    /// What both moments start from, 0 or more.
    pub initial: f32,
}

impl Yogi {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻³, both moments from 10⁻⁶.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-3, initial: 1e-6 };
}

impl Default for Yogi {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Yogi {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    /// Bias corrections, and what is added to the moments as they are: their start, in the first step.
    type Plan = (AdamPlan, f32);

    fn view<T: Tensor>((m, v): &mut (T, T)) -> Self::View<'_> {
        (m.as_mut_slice(), v.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)?;
        Setting::InitialValue.require_not_negative(self.initial)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> (AdamPlan, f32) {
        (AdamPlan::new(self.beta1, self.beta2, step), if step == 1 { self.initial } else { 0.0 })
    }

    fn transform(&self, (plan, start): &(AdamPlan, f32), _: &[f32], gradient: &mut [f32], (m, v): Self::View<'_>) {
        let (gain1, gain2, rate) = (1.0 - self.beta1, 1.0 - self.beta2, 1.0 / plan.correction1);
        for ((g, m), v) in gradient.iter_mut().zip(m).zip(v) {
            *m = self.beta1 * (*m + start) + gain1 * *g;
            let (old, square) = (*v + start, *g * *g);
            *v = old - gain2 * (sign(old - square) * square);
            *g = rate * *m / (sqrt(*v) * plan.root_correction2 + self.epsilon);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Yogi {}

#[diagnostic::do_not_recommend]
impl Elementwise for Yogi {}
