//! AdaGrad.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, to_f32};
use kilograd_simd::math::sqrt;

/// AdaGrad: `r ← r + g²`, then `w ← w − η/(1 + (t − 1)·decay)·g / (√r + ε)`. *State:* 1 × f32 a parameter, r.
///
/// r never falls, so the rate of each parameter only ever does: good on convex problems, too soon small on others
/// ([`RmsProp`](super::RmsProp) forgets). [`BOOK`](Self::BOOK) is the book's algorithm, whose δ is ε.
///
/// Source: J. Duchi et al., *Adaptive subgradient methods* (2011); *Deep Learning*, algorithm 8.4; decay and start are PyTorch's.
///
/// ```
/// use kilograd::optim::{AdaGrad, Rule};
///
/// let rule = AdaGrad::DEFAULT;
/// let (mut gradient, mut r) = ([-3.0], [16.0]);
/// rule.transform(&rule.plan::<()>(2, 0.1, None), &[0.0], &mut gradient, &mut r);
/// assert_eq!((gradient, r), ([-0.6], [25.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdaGrad {
    /// Added to the root of the sum of squares, above 0.
    pub epsilon: f32,
    /// How fast the learning rate falls by itself, 0 or more.
    pub rate_decay: f32,
    /// What r starts from, 0 or more.
    pub initial: f32,
}

/// What one step of [`AdaGrad`] has in common for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaGradPlan {
    /// The share of the learning rate that is left.
    factor: f32,
    /// What r starts from, in the first step.
    start: f32,
}

impl AdaGrad {
    /// ε = 10⁻¹⁰; the rate does not fall by itself, r starts from 0.
    pub const DEFAULT: Self = Self { epsilon: 1e-10, rate_decay: 0.0, initial: 0.0 };

    /// The book's: δ = 10⁻⁷.
    pub const BOOK: Self = Self { epsilon: 1e-7, ..Self::DEFAULT };
}

impl Default for AdaGrad {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for AdaGrad {
    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    type Plan = AdaGradPlan;

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Epsilon.require_positive(self.epsilon)?;
        Setting::DecayFactor.require_not_negative(self.rate_decay)?;
        Setting::InitialValue.require_not_negative(self.initial)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> AdaGradPlan {
        let factor = 1.0 / (1.0 + to_f32(step.saturating_sub(1)) * self.rate_decay);
        AdaGradPlan { factor, start: if step == 1 { self.initial } else { 0.0 } }
    }

    fn transform(&self, plan: &AdaGradPlan, _: &[f32], gradient: &mut [f32], r: &mut [f32]) {
        for (g, r) in gradient.iter_mut().zip(r) {
            *r = (*r + plan.start) + *g * *g;
            *g = plan.factor * *g / (sqrt(*r) + self.epsilon);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for AdaGrad {}

#[diagnostic::do_not_recommend]
impl Elementwise for AdaGrad {}
