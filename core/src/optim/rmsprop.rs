//! RMSProp, as PyTorch has it.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// RMSProp: `r ← ρ·r + (1 − ρ)·g²`, then `w ← w − η·g / (√r + ε)`. *State:* 1 × f32 a parameter, r.
///
/// This is PyTorch's form; the book's has ε under the root ([`book::RmsProp`](super::book::RmsProp)). PyTorch's momentum is
/// `Then(RmsProp { .. }, Momentum { .. })`: the velocity adds up what was scaled. Centered, it is
/// [`CenteredRmsProp`](super::CenteredRmsProp).
///
/// Source: G. Hinton, *Neural networks for machine learning*, lecture 6e (2012); *Deep Learning*, section 8.5.2.
///
/// ```
/// use kilograd::optim::{RmsProp, Rule};
///
/// let (mut gradient, mut r) = ([-3.0], [0.0]);
/// RmsProp { rho: 0.75, ..RmsProp::DEFAULT }.transform(&(), &[0.0], &mut gradient, &mut r);
/// assert_eq!((gradient, r), ([-2.0], [2.25]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RmsProp {
    /// Decay of the mean square, ρ, in [0, 1).
    pub rho: f32,
    /// Added to the root of the mean square, above 0.
    pub epsilon: f32,
}

impl RmsProp {
    /// ρ = 0.99, ε = 10⁻⁸.
    pub const DEFAULT: Self = Self { rho: 0.99, epsilon: 1e-8 };
}

impl Default for RmsProp {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for RmsProp {
    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    type Plan = ();

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Rho.require_decay(self.rho)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], r: &mut [f32]) {
        let gain = 1.0 - self.rho;
        for (g, r) in gradient.iter_mut().zip(r) {
            *r = self.rho * *r + gain * (*g * *g);
            *g /= sqrt(*r) + self.epsilon;
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for RmsProp {}

#[diagnostic::do_not_recommend]
impl Elementwise for RmsProp {}
