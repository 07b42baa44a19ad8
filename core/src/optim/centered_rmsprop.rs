//! RMSProp by the variance.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// Centered RMSProp: `r ← ρ·r + (1 − ρ)·g²`, `a ← ρ·a + (1 − ρ)·g`, then `w ← w − η·g / (√(r − a²) + ε)`.
/// *State:* 2 × f32 a parameter, r and a.
///
/// Divides by an estimate of the gradient's standard deviation instead of its root mean square, as PyTorch's `centered` does.
/// Where rounding leaves r below a² (a gradient that hardly changes), the deviation is 0.
///
/// Source: A. Graves, *Generating sequences with recurrent neural networks* (2013), equations 38 to 45.
///
/// ```
/// use kilograd::optim::{CenteredRmsProp, Rule};
///
/// let rule = CenteredRmsProp { rho: 0.5, ..CenteredRmsProp::DEFAULT };
/// let (mut gradient, mut r, mut a) = ([-4.0], [0.0], [0.0]);
/// rule.transform(&(), &[0.0], &mut gradient, (&mut r, &mut a));
/// assert_eq!((gradient, r, a), ([-2.0], [8.0], [-2.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CenteredRmsProp {
    /// Decay of both means, ρ, in [0, 1).
    pub rho: f32,
    /// Added to the deviation, above 0.
    pub epsilon: f32,
}

impl CenteredRmsProp {
    /// ρ = 0.99, ε = 10⁻⁸.
    pub const DEFAULT: Self = Self { rho: 0.99, epsilon: 1e-8 };
}

impl Default for CenteredRmsProp {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for CenteredRmsProp {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = ();

    fn view<T: Tensor>((r, a): &mut (T, T)) -> Self::View<'_> {
        (r.as_mut_slice(), a.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Rho.require_decay(self.rho)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], (r, a): Self::View<'_>) {
        let gain = 1.0 - self.rho;
        for ((g, r), a) in gradient.iter_mut().zip(r).zip(a) {
            *r = self.rho * *r + gain * (*g * *g);
            *a = self.rho * *a + gain * *g;
            let variance = *r - *a * *a;
            let deviation = if variance > 0.0 { sqrt(variance) } else { 0.0 };
            *g /= deviation + self.epsilon;
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for CenteredRmsProp {}

#[diagnostic::do_not_recommend]
impl Elementwise for CenteredRmsProp {}
