//! Lion.

use super::arithmetic::sign;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};

/// Lion: direction `sign(β₁·m + (1 − β₁)·g)`, and `m ← β₂·m + (1 − β₂)·g`. *State:* 1 × f32 a parameter, m.
///
/// Every parameter moves by the learning rate, which is to be three to ten times lower than [`Adam`](super::Adam)'s. Its weight
/// decay is decoupled: `Then(Lion { .. }, WeightDecay { .. })`.
///
/// Source: X. Chen et al., *Symbolic discovery of optimization algorithms* (2023).
///
/// ```
/// use kilograd::optim::{Lion, Rule};
///
/// let (mut gradient, mut m) = ([3.0], [-0.25]);
/// Lion { beta1: 0.5, beta2: 0.75 }.transform(&(), &[0.0], &mut gradient, &mut m);
/// assert_eq!((gradient, m), ([1.0], [0.5625]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lion {
    /// The moment's share in the direction, in [0, 1).
    pub beta1: f32,
    /// Decay of the moment, in [0, 1).
    pub beta2: f32,
}

impl Lion {
    /// β₁ = 0.9, β₂ = 0.99.
    pub const DEFAULT: Self = Self { beta1: 0.9, beta2: 0.99 };
}

impl Default for Lion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Lion {
    const COST: usize = 4;

    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    type Plan = ();

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Beta1.require_decay(self.beta1)?;
        Setting::Beta2.require_decay(self.beta2)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], m: &mut [f32]) {
        let (gain1, gain2) = (1.0 - self.beta1, 1.0 - self.beta2);
        for (g, m) in gradient.iter_mut().zip(m) {
            let direction = sign(self.beta1 * *m + gain1 * *g);
            *m = self.beta2 * *m + gain2 * *g;
            *g = direction;
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Lion {}

#[diagnostic::do_not_recommend]
impl Elementwise for Lion {}
