//! AdaMax.

use super::arithmetic::correction;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};

/// AdaMax: `m ← β₁·m + (1 − β₁)·g`, `u ← max(β₂·u, |g| + ε)`, then `w ← w − η/(1 − β₁ᵗ)·m / u`.
/// *State:* 2 × f32 a parameter, m and u.
///
/// [`Adam`](super::Adam) by the largest gradient instead of the mean square: no root. ε stands inside the maximum, as in PyTorch.
///
/// Source: D. Kingma and J. Ba, *Adam: a method for stochastic optimization* (2015), algorithm 2.
///
/// ```
/// use kilograd::optim::{AdaMax, Rule};
///
/// let rule = AdaMax::DEFAULT;
/// let (mut gradient, mut m, mut u) = ([-3.0], [0.0], [0.0]);
/// rule.transform(&rule.plan::<()>(1, 0.1, None), &[0.0], &mut gradient, (&mut m, &mut u));
/// // The first step goes the whole learning rate, whatever the gradient's size.
/// assert!((gradient[0] + 1.0).abs() < 1e-6 && u == [3.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdaMax {
    /// Decay of the first moment, in [0, 1).
    pub beta1: f32,
    /// Decay of the largest magnitude, in [0, 1).
    pub beta2: f32,
    /// Added to the magnitude, above 0.
    pub epsilon: f32,
}

impl AdaMax {
    /// β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
}

impl Default for AdaMax {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for AdaMax {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    /// `1 / (1 − β₁ᵗ)`.
    type Plan = f32;

    fn view<T: Tensor>((m, u): &mut (T, T)) -> Self::View<'_> {
        (m.as_mut_slice(), u.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> f32 {
        1.0 / correction(self.beta1, step)
    }

    fn transform(&self, plan: &f32, _: &[f32], gradient: &mut [f32], (m, u): Self::View<'_>) {
        let gain1 = 1.0 - self.beta1;
        for ((g, m), u) in gradient.iter_mut().zip(m).zip(u) {
            *m = self.beta1 * *m + gain1 * *g;
            let (decayed, magnitude) = (self.beta2 * *u, g.abs() + self.epsilon);
            *u = if decayed > magnitude { decayed } else { magnitude };
            *g = plan * *m / *u;
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for AdaMax {}

#[diagnostic::do_not_recommend]
impl Elementwise for AdaMax {}
