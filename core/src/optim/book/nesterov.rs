//! Nesterov's momentum, as the book has it.

use super::RmsProp;
use crate::error::{Error, Setting};
use crate::optim::arithmetic::inverse_rate;
use crate::optim::{Elementwise, Rule, Tensorwise, Then};
use crate::tensor::{Parameters, Tensor};

/// Nesterov's momentum: `v ← α·v − η·g`, `θ ← θ + v`, the gradient taken at the look-ahead point `θ + α·v`.
/// *State:* 1 × f32 a parameter, v.
///
/// The weights here are the look-ahead point, where the next gradient is needed: `w = θ + α·v`, so that
/// `w ← w − η·g + α·v`. The book's θ is `w − α·v`, and at the start, with v = 0, both are the same.
///
/// v holds the scaled step. As long as the learning rate stays, v is −η times the velocity of
/// [`Momentum::NESTEROV`](crate::optim::Momentum::NESTEROV) and the paths are one; when it changes, steps already taken keep
/// their length here, while there they are scaled anew. At a rate of 0 the weights stand still and v fades.
///
/// Source: *Deep Learning*, algorithm 8.3; I. Sutskever et al., *On the importance of initialization and momentum* (2013).
///
/// ```
/// use kilograd::optim::{Rule, book};
///
/// let rule = book::Nesterov { momentum: 0.5 };
/// let (mut weights, mut v) = ([1.0], [-0.5]);
/// rule.descend(&rule.plan::<()>(2, 0.25, None), 0.25, &mut weights, &mut [2.0], &mut v);
/// // θ = 1 + 0.25 took the step −0.75 to 0.5, and looks ahead by half of that.
/// assert_eq!((weights, v), ([0.125], [-0.75]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Nesterov {
    /// The share of the velocity that is kept, α, in [0, 1).
    pub momentum: f32,
}

/// What one step of [`Nesterov`] has in common for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NesterovPlan {
    learning_rate: f32,
    /// `α / η`.
    ahead: f32,
}

/// RMSProp with Nesterov's momentum: `r ← ρ·r + (1 − ρ)·g²`, `v ← α·v − η·g / √r`, `θ ← θ + v`, the gradient taken at
/// `θ + α·v`. *State:* 2 × f32 a parameter, r and v.
///
/// The book has no δ here; the smallest normal number takes its place, so that a gradient of 0 gives a step of 0.
///
/// Source: *Deep Learning*, algorithm 8.6.
///
/// ```
/// use kilograd::optim::book::RmsPropNesterov;
///
/// let rule = RmsPropNesterov::new(0.9, 0.7);
/// assert_eq!(rule.1.momentum, 0.7);
/// ```
pub type RmsPropNesterov = Then<RmsProp, Nesterov>;

impl RmsPropNesterov {
    /// With these decays of the mean square, ρ, and of the velocity, α.
    pub const fn new(rho: f32, momentum: f32) -> Self {
        Self(RmsProp { rho, delta: f32::MIN_POSITIVE }, Nesterov { momentum })
    }
}

impl Nesterov {
    /// α = 0.9.
    pub const DEFAULT: Self = Self { momentum: 0.9 };
}

impl Default for Nesterov {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Nesterov {
    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    type Plan = NesterovPlan;

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Momentum.require_decay(self.momentum)
    }

    fn plan<G: Parameters>(&self, _: u32, learning_rate: f32, _: Option<&G>) -> NesterovPlan {
        NesterovPlan { learning_rate, ahead: self.momentum * inverse_rate(learning_rate) }
    }

    fn transform(&self, plan: &NesterovPlan, _: &[f32], gradient: &mut [f32], velocity: &mut [f32]) {
        for (g, v) in gradient.iter_mut().zip(velocity) {
            *v = self.momentum * *v - plan.learning_rate * *g;
            *g -= plan.ahead * *v;
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Nesterov {}

#[diagnostic::do_not_recommend]
impl Elementwise for Nesterov {}
