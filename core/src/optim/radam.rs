//! RAdam.

use super::arithmetic::correction;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, to_f32};
use kilograd_simd::math::{exp, ln, sqrt};

/// RAdam: [`Adam`](super::Adam) that waits until its second moment can be trusted. While `ρₜ ≤ 5` (about five steps) it is
/// momentum, `w ← w − η/(1 − β₁ᵗ)·m`; then `w ← w − η/(1 − β₁ᵗ)·r·m·√(1 − β₂ᵗ) / (√v + ε)` with r rising to 1.
/// *State:* 2 × f32 a parameter, m and v.
///
/// `r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)`, `ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ)`, `ρ∞ = 2/(1 − β₂) − 1`.
///
/// Source: L. Liu et al., *On the variance of the adaptive learning rate and beyond* (2020); ε as in PyTorch.
///
/// ```
/// use kilograd::optim::{RAdam, Rule};
///
/// let rule = RAdam::DEFAULT;
/// let (mut gradient, mut m, mut v) = ([-3.0], [0.0], [0.0]);
/// rule.transform(&rule.plan::<()>(1, 0.1, None), &[0.0], &mut gradient, (&mut m, &mut v));
/// // The first steps follow the gradient itself.
/// assert!((gradient[0] + 3.0).abs() < 1e-5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RAdam {
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the second moment, in [0, 1).
    pub beta2: f32,
    /// Added to the root of the second moment, above 0.
    pub epsilon: f32,
}

/// What one step of [`RAdam`] has in common for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RAdamPlan {
    /// What the first moment is multiplied with.
    rate: f32,
    /// Whether to divide by the root of the second.
    adaptive: bool,
}

impl RAdam {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
}

impl Default for RAdam {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// ρₜ: how many independent gradients the second moment is worth, from the step counter alone.
///
/// Few steps are a small difference of the two large terms of the formula. With c(k) = 1 − β₂ᵏ it is also
/// `2t − 1 − 2·S/c(t)`, `S = c(0) + … + c(t − 1)`, which cancels no more than half; later the formula as it stands does.
fn length(beta2: f32, steps: u32, correction: f32) -> f32 {
    let (gap, t) = (1.0 - beta2, to_f32(steps));
    if gap * t > 1.0 {
        return 2.0 / gap - 1.0 - 2.0 * t * exp(t * ln(beta2)) / correction;
    }
    2.0 * t - 1.0 - 2.0 * sum_of_corrections(gap, steps) / correction
}

/// `c(0) + … + c(steps − 1)` by doubling: the sum over m + n terms is `S(m) + n·c(m) + (1 − c(m))·S(n)`.
fn sum_of_corrections(gap: f32, steps: u32) -> f32 {
    let (mut c, mut sum) = (0.0, 0.0);
    let (mut block_c, mut block_sum, mut block) = (gap, 0.0, 1.0);
    let mut left = steps;
    while left > 0 {
        if left & 1 == 1 {
            sum += block * c + (1.0 - c) * block_sum;
            c += block_c * (1.0 - c);
        }
        block_sum += block * block_c + (1.0 - block_c) * block_sum;
        block_c *= 2.0 - block_c;
        block *= 2.0;
        left >>= 1;
    }
    sum
}

impl Rule for RAdam {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = RAdamPlan;

    fn view<T: Tensor>((m, v): &mut (T, T)) -> Self::View<'_> {
        (m.as_mut_slice(), v.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> RAdamPlan {
        let rate = 1.0 / correction(self.beta1, step);
        let correction2 = correction(self.beta2, step);
        let (now, last) = (length(self.beta2, step, correction2), 2.0 / (1.0 - self.beta2) - 1.0);
        if now > 5.0 {
            let rectified = (now - 4.0) * (now - 2.0) / now * (last / ((last - 4.0) * (last - 2.0)));
            RAdamPlan { rate: rate * sqrt(rectified * correction2), adaptive: true }
        } else {
            RAdamPlan { rate, adaptive: false }
        }
    }

    fn transform(&self, plan: &RAdamPlan, _: &[f32], gradient: &mut [f32], (m, v): Self::View<'_>) {
        let (gain1, gain2) = (1.0 - self.beta1, 1.0 - self.beta2);
        for ((g, m), v) in gradient.iter_mut().zip(m).zip(v) {
            *m = self.beta1 * *m + gain1 * *g;
            *v = self.beta2 * *v + gain2 * (*g * *g);
            *g = plan.rate * *m;
            if plan.adaptive {
                *g /= sqrt(*v) + self.epsilon;
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for RAdam {}

#[diagnostic::do_not_recommend]
impl Elementwise for RAdam {}

#[cfg(test)]
mod tests {
    use super::{RAdam, length};
    use crate::optim::Rule;
    use crate::optim::arithmetic::correction;

    #[test]
    fn lengths_keep_their_digits() {
        for beta2 in [0.0_f32, 0.5, 0.9, 0.99, 0.999, 0.9999] {
            for steps in (1..2_000).chain([10_000, 65_535, 1_000_000, u32::MAX]) {
                let (b, t) = (f64::from(beta2), f64::from(steps));
                let want = 2.0 / (1.0 - b) - 1.0 - 2.0 * t * b.powf(t) / (1.0 - b.powf(t));
                let got = f64::from(length(beta2, steps, correction(beta2, steps)));
                // Two terms of up to twice the length, with a few roundings each.
                assert!((got / want - 1.0).abs() < 2e-6, "β₂ {beta2}, {steps} steps: {got}, not {want}");
            }
        }
    }

    #[test]
    fn a_second_moment_of_few_gradients_is_not_divided_by() {
        let adaptive = |beta2, step| RAdam { beta2, ..RAdam::DEFAULT }.plan::<()>(step, 0.1, None).adaptive;
        assert!(!adaptive(0.999, 5) && adaptive(0.999, 6));
        assert!(!adaptive(0.5, u32::MAX) && !adaptive(0.0, 1));
        let rate = RAdam::DEFAULT.plan::<()>(u32::MAX, 0.1, None).rate;
        assert!((rate - 1.0).abs() < 1e-6, "{rate}");
    }
}
