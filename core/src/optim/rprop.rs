//! Resilient backpropagation.

use super::arithmetic::inverse_rate;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};

/// Rprop: each parameter moves by a step size of its own against the gradient's sign. The size grows while the sign stays and
/// shrinks where it turns; the step after a turn is left out. *State:* 2 × f32 a parameter, the last gradient (0 after a turn)
/// and the step size.
///
/// For whole batches: the sign of a mini-batch's gradient turns by chance. The learning rate is what the step sizes start
/// from and has no influence later, except that at 0 nothing moves.
///
/// Source: M. Riedmiller and H. Braun, *A direct adaptive method for faster backpropagation learning* (1993); without
/// taking a step back, as in PyTorch.
///
/// ```
/// use kilograd::optim::{Rprop, Rule};
///
/// let rule = Rprop { increase: 1.5, ..Rprop::DEFAULT };
/// let (mut weights, mut last, mut size) = ([1.0, 1.0], [2.0, 2.0], [0.5, 0.5]);
/// rule.descend(&rule.plan::<()>(2, 1.0, None), 1.0, &mut weights, &mut [3.0, -3.0], (&mut last, &mut size));
/// assert_eq!((weights, last, size), ([0.25, 1.0], [3.0, 0.0], [0.75, 0.25]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rprop {
    /// The factor of a step size where the sign turned, above 0 and below 1.
    pub decrease: f32,
    /// The factor of a step size where the sign stayed, above 1.
    pub increase: f32,
    /// The smallest step size, above 0.
    pub smallest: f32,
    /// The largest step size, no less than the smallest.
    pub largest: f32,
}

/// What one step of [`Rprop`] has in common for all parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RpropPlan {
    /// What the step sizes start from, in the first step.
    start: f32,
    /// One over the learning rate.
    inverse_rate: f32,
}

/// The largest step size that may be asked for: with it over any learning rate that [`inverse_rate`] takes, a finite direction.
const LARGEST: f32 = 1e6;

impl Rprop {
    /// Factors of 0.5 and 1.2, step sizes from 10⁻⁶ to 50.
    pub const DEFAULT: Self = Self { decrease: 0.5, increase: 1.2, smallest: 1e-6, largest: 50.0 };

    /// `size` within its bounds. Not `f32::clamp`, which panics if they are the wrong way round.
    #[inline(always)]
    fn bounded(&self, size: f32) -> f32 {
        if size > self.largest {
            self.largest
        } else if size < self.smallest {
            self.smallest
        } else {
            size
        }
    }
}

impl Default for Rprop {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Rprop {
    type State<T: Tensor> = (T, T);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = RpropPlan;

    fn view<T: Tensor>((last, size): &mut (T, T)) -> Self::View<'_> {
        (last.as_mut_slice(), size.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::StepFactor.require(self.decrease, self.decrease > 0.0 && self.decrease < 1.0)?;
        Setting::StepFactor.require(self.increase, self.increase > 1.0 && self.increase.is_finite())?;
        Setting::StepSize.require_positive(self.smallest)?;
        Setting::StepSize.require(self.largest, (self.smallest..=LARGEST).contains(&self.largest))
    }

    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, _: Option<&G>) -> RpropPlan {
        RpropPlan { start: if step == 1 { learning_rate } else { 0.0 }, inverse_rate: inverse_rate(learning_rate) }
    }

    fn transform(&self, plan: &RpropPlan, _: &[f32], gradient: &mut [f32], (last, size): Self::View<'_>) {
        for ((g, last), size) in gradient.iter_mut().zip(last).zip(size) {
            // By signs: the product of two small gradients underflows.
            let (unknown, turned) = (*g == 0.0 || *last == 0.0, (*g < 0.0) != (*last < 0.0));
            let factor = if turned { self.decrease } else { self.increase };
            *size = self.bounded((*size + plan.start) * if unknown { 1.0 } else { factor });
            *last = if turned && !unknown { 0.0 } else { *g };
            *g = if *last == 0.0 { 0.0 } else { (*size * plan.inverse_rate).copysign(*last) };
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Rprop {}

#[diagnostic::do_not_recommend]
impl Elementwise for Rprop {}
