//! NAdam.

use super::arithmetic::{complement_of_power, correction};
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, to_f32};
use kilograd_simd::math::{exp, ln, sqrt};

/// NAdam: [`Adam`](super::Adam) with Nesterov's momentum, whose share rises over time, `μₜ = β₁·(1 − ½·0.96^(t·ψ))`:
/// `w ← w − η·((1 − μₜ)/(1 − Πₜ)·g + μₜ₊₁/(1 − Πₜ₊₁)·m) / (√v / √(1 − β₂ᵗ) + ε)`, where Πₜ is the product of all μ up to t,
/// and m and v are Adam's moments. *State:* 2 × f32 a parameter, m and v.
///
/// With decoupled weight decay: `Then(NAdam { .. }, WeightDecay { .. })`.
///
/// Source: T. Dozat, *Incorporating Nesterov momentum into Adam* (2016); 0.96 and ½ as there and in PyTorch. Πₜ is formed
/// from the step counter alone.
///
/// ```
/// use kilograd::optim::{NAdam, Rule};
///
/// let plan = NAdam::DEFAULT.plan::<()>(1, 0.1, None);
/// assert!((plan.momentum_product - 0.45007).abs() < 1e-5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NAdam {
    /// What the momentum rises to, and the decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the second moment, in [0, 1).
    pub beta2: f32,
    /// Added to the root of the second moment, above 0.
    pub epsilon: f32,
    /// How fast the momentum rises, ψ, 0 or more.
    pub momentum_decay: f32,
}

/// What one step of [`NAdam`] has in common for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NAdamPlan {
    /// The product of the momenta of all steps so far, Πₜ.
    pub momentum_product: f32,
    /// `(1 − μₜ) / (1 − Πₜ)`.
    gradient_gain: f32,
    /// `μₜ₊₁ / (1 − Πₜ₊₁)`.
    moment_gain: f32,
    /// `1 / √(1 − β₂ᵗ)`.
    root_correction2: f32,
}

/// ln 0.96.
const LN_BASE: f32 = -0.040_821_995;

impl NAdam {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸, ψ = 0.004.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum_decay: 4e-3 };

    /// μₜ.
    fn momentum(&self, step: u32) -> f32 {
        self.beta1 * (1.0 - 0.5 * exp(to_f32(step) * self.momentum_decay * LN_BASE))
    }

    /// `ln Πₜ = t·ln β₁ + Σᵢ ln(1 − ½·qⁱ)` with `q = 0.96^ψ`.
    ///
    /// By the series of the logarithm the sum over i is `−Σₖ ½ᵏ/k · Σᵢ qⁱᵏ`, and the inner one is geometric,
    /// `qᵏ·(1 − qᵏᵗ)/(1 − qᵏ)`: 24 terms for whatever number of steps. `1 − q`, `1 − qᵏ` and `1 − qᵏᵗ` are formed without
    /// cancelling.
    fn ln_momentum_product(&self, step: u32) -> f32 {
        let gap = -libm::expm1f(self.momentum_decay * LN_BASE);
        let gap_of_steps = complement_of_power(gap, step);
        let (mut sum, mut half) = (0.0, 1.0);
        let (mut one, mut all) = (0.0, 0.0);
        for k in 1..=24_u8 {
            half *= 0.5;
            one += gap * (1.0 - one);
            all += gap_of_steps * (1.0 - all);
            let ratio = if one > 0.0 { all / one } else { to_f32(step) };
            sum += half / f32::from(k) * (1.0 - one) * ratio;
        }
        to_f32(step) * ln(self.beta1) - sum
    }
}

impl Default for NAdam {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for NAdam {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = NAdamPlan;

    fn view<T: Tensor>((m, v): &mut (T, T)) -> Self::View<'_> {
        (m.as_mut_slice(), v.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)?;
        Setting::DecayFactor.require_not_negative(self.momentum_decay)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> NAdamPlan {
        let (momentum, next) = (self.momentum(step), self.momentum(step.saturating_add(1)));
        let logarithm = self.ln_momentum_product(step);
        let (product, complement) = (exp(logarithm), -libm::expm1f(logarithm));
        NAdamPlan {
            momentum_product: product,
            gradient_gain: (1.0 - momentum) / complement,
            // 1 − Πₜ·μ, as a sum of what is not negative.
            moment_gain: next / (complement + product * (1.0 - next)),
            root_correction2: 1.0 / sqrt(correction(self.beta2, step)),
        }
    }

    fn transform(&self, plan: &NAdamPlan, _: &[f32], gradient: &mut [f32], (m, v): Self::View<'_>) {
        let (gain1, gain2) = (1.0 - self.beta1, 1.0 - self.beta2);
        for ((g, m), v) in gradient.iter_mut().zip(m).zip(v) {
            *m = self.beta1 * *m + gain1 * *g;
            *v = self.beta2 * *v + gain2 * (*g * *g);
            let ahead = plan.gradient_gain * *g + plan.moment_gain * *m;
            *g = ahead / (sqrt(*v) * plan.root_correction2 + self.epsilon);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for NAdam {}

#[diagnostic::do_not_recommend]
impl Elementwise for NAdam {}

#[cfg(test)]
mod tests {
    use super::NAdam;
    use crate::optim::Rule;

    /// What f32 keeps of a product's logarithm, whose magnitude is up to 90 while the product is above the smallest number.
    const TOLERANCE: f64 = 90.0 * 2.4e-7;

    #[test]
    fn the_product_is_that_of_every_momentum() {
        for (beta1, momentum_decay) in [(0.9, 4e-3), (0.9, 0.0), (0.99, 0.01), (0.5, 3.0), (0.999_999_9, 1e4), (0.0, 4e-3)] {
            let rule = NAdam { beta1, momentum_decay, ..NAdam::DEFAULT };
            let mut product = 1.0_f64;
            for step in 1..500_u32 {
                let risen = 0.96_f64.powf(f64::from(step) * f64::from(momentum_decay));
                product *= f64::from(beta1) * (1.0 - 0.5 * risen);
                let plan = rule.plan::<()>(step, 0.1, None);
                let got = f64::from(plan.momentum_product);
                assert!((got - product).abs() <= TOLERANCE * product + 1e-38, "{rule:?}, step {step}: {got:e}, not {product:e}");
                let gain = (1.0 - f64::from(beta1) * (1.0 - 0.5 * risen)) / (1.0 - product);
                let relative = f64::from(plan.gradient_gain) / gain - 1.0;
                assert!(relative.abs() < 1e-5, "{rule:?}, step {step}: a gain off by {relative:e}");
            }
        }
    }

    #[test]
    fn the_last_steps_have_a_plan_too() {
        let plan = NAdam::DEFAULT.plan::<()>(u32::MAX, 0.1, None);
        assert_eq!(plan.momentum_product, 0.0);
        assert!((plan.moment_gain - 0.9).abs() < 1e-6 && (plan.gradient_gain - 0.1).abs() < 1e-6);
    }
}
