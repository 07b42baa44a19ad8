//! Steps that are taken in parts.

use super::{ClipNorm, Elementwise, Rule, Step, Then, View};
use crate::tensor::Tensor;

/// A rule that, once its plan is made, treats each parameter by itself: a step with a stored gradient can then be taken in
/// parts. All that are [`Elementwise`], and these after a [`ClipNorm`], whose plan is a factor.
#[diagnostic::on_unimplemented(
    message = "`{Self}` needs a whole tensor's gradient at once",
    label = "`{Self}` needs a whole tensor's gradient at once",
    note = "a step in slices moves a part of a tensor at a time: take it in one go, or leave this rule out"
)]
pub trait Partwise: Rule {}

#[diagnostic::do_not_recommend]
impl<R: Elementwise> Partwise for R {}

#[diagnostic::do_not_recommend]
impl Partwise for ClipNorm {}

#[diagnostic::do_not_recommend]
impl<R: Elementwise> Partwise for Then<ClipNorm, R> {}

impl<'r, R: Rule> Step<'r, R> {
    /// A step whose plan was made before.
    pub(crate) fn planned(rule: &'r R, plan: R::Plan, learning_rate: f32) -> Self {
        Self { rule, plan, learning_rate }
    }

    /// The plan, to go on with another time.
    pub(crate) fn into_plan(self) -> R::Plan {
        self.plan
    }

    /// Moves the `count` weights from `from` on against their part of `gradient`, which is used up.
    pub(crate) fn descend_part<T: Tensor>(
        &self,
        from: usize,
        count: usize,
        weights: &mut T,
        gradient: &mut T,
        state: &mut R::State<T>,
    ) where
        R: Partwise,
    {
        let part = from..from.saturating_add(count);
        let (weights, gradient) = (weights.as_mut_slice().get_mut(part.clone()), gradient.as_mut_slice().get_mut(part));
        let (Some(weights), Some(gradient)) = (weights, gradient) else { return };
        let mut state = R::view(state);
        state.take(from);
        self.rule.descend(&self.plan, self.learning_rate, weights, gradient, state.take(count));
    }
}

impl<R: Elementwise> Step<'_, R> {
    /// Moves the rows of `weights` that begin at element `from`, one for each of `input`, against the gradient
    /// `inputᵢ·deltasⱼ`, which is never stored.
    pub(crate) fn descend_outer_from<T: Tensor>(
        &self,
        from: usize,
        input: &[f32],
        deltas: &[f32],
        weights: &mut T,
        state: &mut R::State<T>,
    ) {
        let Some(weights) = weights.as_mut_slice().get_mut(from..) else { return };
        let mut state = R::view(state);
        state.take(from);
        self.rule.descend_outer(&self.plan, self.learning_rate, input, deltas, weights, state);
    }
}
