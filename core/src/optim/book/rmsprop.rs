//! RMSProp, as the book has it.

use crate::error::{Error, Setting};
use crate::optim::{Elementwise, Rule, Tensorwise};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// RMSProp: `r ← ρ·r + (1 − ρ)·g²`, then `w ← w − η·g / √(δ + r)`. *State:* 1 × f32 a parameter, r.
///
/// δ stands under the root; PyTorch's ε stands outside ([`optim::RmsProp`](crate::optim::RmsProp)).
///
/// Source: *Deep Learning*, algorithm 8.5.
///
/// ```
/// use kilograd::optim::{Rule, book};
///
/// let (mut gradient, mut r) = ([-8.0], [0.0]);
/// book::RmsProp { rho: 0.75, delta: 9.0 }.transform(&(), &[0.0], &mut gradient, &mut r);
/// assert_eq!((gradient, r), ([-1.6], [16.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RmsProp {
    /// Decay of the mean square, ρ, in [0, 1).
    pub rho: f32,
    /// Added to the mean square under the root, δ, above 0.
    pub delta: f32,
}

impl RmsProp {
    /// ρ = 0.9, δ = 10⁻⁶.
    pub const DEFAULT: Self = Self { rho: 0.9, delta: 1e-6 };
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
        Setting::Epsilon.require_positive(self.delta)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], r: &mut [f32]) {
        let gain = 1.0 - self.rho;
        for (g, r) in gradient.iter_mut().zip(r) {
            *r = self.rho * *r + gain * (*g * *g);
            *g /= sqrt(self.delta + *r);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for RmsProp {}

#[diagnostic::do_not_recommend]
impl Elementwise for RmsProp {}
