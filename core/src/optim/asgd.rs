//! Averaged stochastic gradient descent.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, to_f32};
use kilograd_simd::math::{exp, ln};

/// Averaged SGD: `w ← w − ηₜ·(g + λ·w)` with `ηₜ = η / (1 + λ·η·(t − 1))^power`, and beside it the average
/// `a ← a + μₜ·(w − a)` with `μₜ = 1 / max(1, t − 1 − start)`. *State:* 1 × f32 a parameter, a.
///
/// What is used in the end is the average: [`Memory::state`](crate::train::Memory::state) holds it in the order of the
/// network's parameters. It is that of the weights which this rule leads to, so in a [`Then`](super::Then) it stands last.
///
/// Source: B. Polyak and A. Juditsky, *Acceleration of stochastic approximation by averaging* (1992), and L. Bottou's
/// settings (2010), as in PyTorch; *Deep Learning*, section 8.7.3.
///
/// ```
/// use kilograd::optim::{Asgd, Rule};
///
/// let rule = Asgd { start: 0, ..Asgd::DEFAULT };
/// let (mut weights, mut average) = ([1.0], [0.0]);
/// for step in 1..=3 {
///     rule.descend(&rule.plan::<()>(step, 0.5, None), 0.5, &mut weights, &mut [-2.0], &mut average);
/// }
/// // The weights go from 1 to 2, 3 and 4; the average starts with the second.
/// assert!((weights[0] - 4.0).abs() < 1e-3 && (average[0] - 3.5).abs() < 1e-3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Asgd {
    /// Weight decay, and how fast the rate falls, λ, 0 or more.
    pub decay: f32,
    /// The power of the rate's fall, 0 or more.
    pub power: f32,
    /// Steps before the average begins: until then it is the weights.
    pub start: u32,
}

/// What one step of [`Asgd`] has in common for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsgdPlan {
    /// The rate of this step, ηₜ.
    pub rate: f32,
    /// The weight of the new weights in the average, μₜ.
    pub share: f32,
    /// ηₜ / η.
    factor: f32,
    learning_rate: f32,
}

impl Asgd {
    /// λ = 10⁻⁴, a power of ¾, an average that begins after 10⁶ steps.
    pub const DEFAULT: Self = Self { decay: 1e-4, power: 0.75, start: 1_000_000 };
}

impl Default for Asgd {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Asgd {
    type State<T: Tensor> = T;
    type View<'s> = &'s mut [f32];
    type Plan = AsgdPlan;

    fn view<T: Tensor>(state: &mut T) -> &mut [f32] {
        state.as_mut_slice()
    }

    fn check(&self) -> Result<(), Error> {
        Setting::WeightDecay.require_not_negative(self.decay)?;
        Setting::DecayFactor.require_not_negative(self.power)
    }

    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, _: Option<&G>) -> AsgdPlan {
        let before = step.saturating_sub(1);
        let factor = exp(-self.power * ln(1.0 + self.decay * learning_rate * to_f32(before)));
        let averaged = before.saturating_sub(self.start).max(1);
        AsgdPlan { rate: factor * learning_rate, share: 1.0 / to_f32(averaged), factor, learning_rate }
    }

    fn transform(&self, plan: &AsgdPlan, weights: &[f32], gradient: &mut [f32], average: &mut [f32]) {
        for ((g, w), average) in gradient.iter_mut().zip(weights).zip(average) {
            *g = plan.factor * (*g + self.decay * w);
            // To the bit what the descent makes of them.
            let next = w - plan.learning_rate * *g;
            *average = if plan.share == 1.0 { next } else { *average + plan.share * (next - *average) };
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Asgd {}

#[diagnostic::do_not_recommend]
impl Elementwise for Asgd {}
