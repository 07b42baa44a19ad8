//! AMSGrad.

use super::adam::AdamPlan;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// AMSGrad: as [`Adam`](super::Adam), but it divides by the largest v so far: `v̂ ← max(v̂, v)`, then
/// `w ← w − η/(1 − β₁ᵗ)·m / (√v̂ / √(1 − β₂ᵗ) + ε)`. *State:* 3 × f32 a parameter, m, v and v̂.
///
/// The rate of a parameter does not rise again when its gradients become small. The maximum is over the uncorrected v, as in
/// PyTorch.
///
/// Source: S. Reddi et al., *On the convergence of Adam and beyond* (2018).
///
/// ```
/// use kilograd::optim::{AmsGrad, Rule};
///
/// let rule = AmsGrad { beta1: 0.0, beta2: 0.0, ..AmsGrad::DEFAULT };
/// let (mut gradient, mut m, mut v, mut largest) = ([-3.0], [0.0], [0.0], [36.0]);
/// let plan = rule.plan::<()>(1, 0.1, None);
/// rule.transform(&plan, &[0.0], &mut gradient, (&mut m, (&mut v, &mut largest)));
/// assert_eq!((gradient, v, largest), ([-0.5], [9.0], [36.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AmsGrad {
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the second moment, in [0, 1).
    pub beta2: f32,
    /// Added to the root of the second moment, above 0.
    pub epsilon: f32,
}

impl AmsGrad {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
}

impl Default for AmsGrad {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for AmsGrad {
    type State<T: Tensor> = (T, (T, T));
    type View<'s> = (&'s mut [f32], (&'s mut [f32], &'s mut [f32]));
    type Plan = AdamPlan;

    fn view<T: Tensor>((m, (v, largest)): &mut Self::State<T>) -> Self::View<'_> {
        (m.as_mut_slice(), (v.as_mut_slice(), largest.as_mut_slice()))
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> AdamPlan {
        AdamPlan::new(self.beta1, self.beta2, step)
    }

    fn transform(&self, plan: &AdamPlan, _: &[f32], gradient: &mut [f32], (m, (v, largest)): Self::View<'_>) {
        let (gain1, gain2, rate) = (1.0 - self.beta1, 1.0 - self.beta2, 1.0 / plan.correction1);
        for (((g, m), v), largest) in gradient.iter_mut().zip(m).zip(v).zip(largest) {
            *m = self.beta1 * *m + gain1 * *g;
            *v = self.beta2 * *v + gain2 * (*g * *g);
            if *v > *largest {
                *largest = *v;
            }
            *g = rate * *m / (sqrt(*largest) * plan.root_correction2 + self.epsilon);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for AmsGrad {}

#[diagnostic::do_not_recommend]
impl Elementwise for AmsGrad {}
