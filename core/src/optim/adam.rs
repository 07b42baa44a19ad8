//! Adam.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::kernel::{self, AdamStep};
use kilograd_simd::math::sqrt;

/// Adam: `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`, then
/// `w ← w − η·(m / (1 − β₁ᵗ)) / (√v / √(1 − β₂ᵗ) + ε)`. *State:* 2 × f32 a parameter, m and v.
///
/// Source: D. Kingma and J. Ba, *Adam: a method for stochastic optimization* (2015); Goodfellow et al., *Deep Learning*,
/// algorithm 8.7, whose δ is ε here. ε is added to the corrected root, as in PyTorch and in the book.
///
/// ```
/// use kilograd::optim::{Adam, Rule};
///
/// let rule = Adam::DEFAULT;
/// let (mut weights, mut m, mut v) = ([1.0], [0.0], [0.0]);
/// rule.descend(&rule.plan::<()>(1, 0.25, None), 0.25, &mut weights, &mut [-3.0], (&mut m, &mut v));
/// // The first step goes the whole learning rate, whatever the gradient's size.
/// assert!((weights[0] - 1.25).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Adam {
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the second moment, in [0, 1).
    pub beta2: f32,
    /// Added to the root of the second moment, above 0.
    pub epsilon: f32,
}

/// The bias corrections of one step of [`Adam`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamPlan {
    /// `1 − β₁ᵗ`.
    correction1: f32,
    /// `1 / √(1 − β₂ᵗ)`.
    root_correction2: f32,
}

impl Adam {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

    fn step(&self, plan: &AdamPlan, learning_rate: f32) -> AdamStep {
        AdamStep {
            rate: learning_rate / plan.correction1,
            beta1: self.beta1,
            gain1: 1.0 - self.beta1,
            beta2: self.beta2,
            gain2: 1.0 - self.beta2,
            root_correction: plan.root_correction2,
            epsilon: self.epsilon,
        }
    }
}

impl Default for Adam {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// `1 − betaˢᵗᵉᵖˢ`, from a step counter alone, by repeated squaring.
///
/// With c(n) = 1 − βⁿ, `c(m + n) = c(m) + c(n)·(1 − c(m))`: nothing cancels. Forming βⁿ first and subtracting it from one
/// would be off by up to 1.4 · 10⁻⁵ for β = 0.999, in the same direction in every step.
pub(super) fn correction(beta: f32, steps: u32) -> f32 {
    let (mut result, mut square, mut left) = (0.0, 1.0 - beta, steps);
    while left > 0 {
        if left & 1 == 1 {
            result += square * (1.0 - result);
        }
        square *= 2.0 - square;
        left >>= 1;
    }
    result
}

impl Rule for Adam {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = AdamPlan;

    fn view<T: Tensor>((m, v): &mut (T, T)) -> Self::View<'_> {
        (m.as_mut_slice(), v.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> AdamPlan {
        AdamPlan { correction1: correction(self.beta1, step), root_correction2: 1.0 / sqrt(correction(self.beta2, step)) }
    }

    fn transform(&self, plan: &AdamPlan, _: &[f32], gradient: &mut [f32], (m, v): Self::View<'_>) {
        let step = self.step(plan, 1.0);
        for ((g, m), v) in gradient.iter_mut().zip(m).zip(v) {
            *g = step.rate * step.direction(*g, m, v);
        }
    }

    fn descend(&self, plan: &AdamPlan, learning_rate: f32, weights: &mut [f32], gradient: &mut [f32], (m, v): Self::View<'_>) {
        kernel::adam(&self.step(plan, learning_rate), weights, gradient, m, v);
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Adam {}

#[diagnostic::do_not_recommend]
impl Elementwise for Adam {
    fn descend_outer(
        &self,
        plan: &AdamPlan,
        learning_rate: f32,
        input: &[f32],
        deltas: &[f32],
        weights: &mut [f32],
        (m, v): Self::View<'_>,
    ) {
        kernel::adam_outer(&self.step(plan, learning_rate), input, deltas, weights, m, v);
    }
}

#[cfg(test)]
mod tests {
    use super::correction;

    /// Three roundings per squaring, of numbers that do not cancel: a few units in the last place.
    const TOLERANCE: f64 = 3e-7;

    #[test]
    fn corrections_keep_their_digits() {
        for beta in [0.0_f32, 0.5, 0.9, 0.99, 0.999, 0.999_999] {
            for steps in (1..2_000).chain([65_535, 1_000_000, u32::MAX]) {
                let want = 1.0 - f64::from(beta).powf(f64::from(steps));
                let got = f64::from(correction(beta, steps));
                assert!((got / want - 1.0).abs() < TOLERANCE, "beta {beta}, {steps} steps: {got}, not {want}");
            }
        }
    }
}
