//! AdaDelta.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::math::sqrt;

/// AdaDelta: `r ← ρ·r + (1 − ρ)·g²`, `d = √(s + ε)/√(r + ε)·g`, `s ← ρ·s + (1 − ρ)·d²`, then `w ← w − η·d`.
/// *State:* 2 × f32 a parameter, r and s.
///
/// Steps have the unit of the weights, so η is 1 by default (PyTorch's). Both roots are taken at once, of the quotient.
///
/// Source: M. Zeiler, *ADADELTA: an adaptive learning rate method* (2012); named in *Deep Learning*, section 8.5.4.
///
/// ```
/// use kilograd::optim::{AdaDelta, Rule};
///
/// let rule = AdaDelta { rho: 0.5, epsilon: 1.0 };
/// let (mut gradient, mut r, mut s) = ([-2.0], [4.0], [19.0]);
/// rule.transform(&(), &[0.0], &mut gradient, (&mut r, &mut s));
/// assert_eq!((gradient, r, s), ([-4.0], [4.0], [17.5]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdaDelta {
    /// Decay of both mean squares, ρ, in [0, 1).
    pub rho: f32,
    /// Added to both mean squares, above 0: what the first steps come from.
    pub epsilon: f32,
}

impl AdaDelta {
    /// ρ = 0.9, ε = 10⁻⁶.
    pub const DEFAULT: Self = Self { rho: 0.9, epsilon: 1e-6 };
}

impl Default for AdaDelta {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for AdaDelta {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = ();

    fn view<T: Tensor>((r, s): &mut (T, T)) -> Self::View<'_> {
        (r.as_mut_slice(), s.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Rho.require_decay(self.rho)?;
        Setting::Epsilon.require_positive(self.epsilon)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], (r, s): Self::View<'_>) {
        let gain = 1.0 - self.rho;
        for ((g, r), s) in gradient.iter_mut().zip(r).zip(s) {
            *r = self.rho * *r + gain * (*g * *g);
            *g *= sqrt((*s + self.epsilon) / (*r + self.epsilon));
            *s = self.rho * *s + gain * (*g * *g);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for AdaDelta {}

#[diagnostic::do_not_recommend]
impl Elementwise for AdaDelta {}
