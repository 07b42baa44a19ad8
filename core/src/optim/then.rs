//! One rule after another.

use super::{Adam, Elementwise, Rule, Tensorwise, WeightDecay};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor};

/// `A`, then `B` on what `A` made of the gradient. *State:* both of theirs.
///
/// `B` must be [`Tensorwise`]: a rule that looks at the whole gradient, such as [`ClipNorm`](super::ClipNorm), stands
/// first, because it would otherwise measure a gradient that another rule has not changed yet.
///
/// ```
/// use kilograd::optim::{Adam, ClipNorm, Then};
///
/// let clipped_adam = Then(ClipNorm::new(1.0), Adam::DEFAULT);
/// # let _ = clipped_adam;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Then<A, B>(pub A, pub B);

/// Adam with decoupled weight decay: `w ← w − η·(Adam's direction + λ·w)`. *State:* 2 × f32 a parameter.
///
/// Source: I. Loshchilov and F. Hutter, *Decoupled weight decay regularization* (2019). For the same decay inside the
/// gradient (L2 regularisation) write `Then(WeightDecay { .. }, Adam { .. })`.
///
/// ```
/// use kilograd::optim::AdamW;
///
/// let rule = AdamW::new(0.01);
/// assert_eq!(rule.1.weight_decay, 0.01);
/// ```
pub type AdamW = Then<Adam, WeightDecay>;

impl AdamW {
    /// Adam's default settings with this weight decay.
    pub const fn new(weight_decay: f32) -> Self {
        Self(Adam::DEFAULT, WeightDecay { weight_decay })
    }
}

impl<A: Rule, B: Tensorwise> Rule for Then<A, B> {
    const COST: usize = A::COST + B::COST;

    type State<T: Tensor> = (A::State<T>, B::State<T>);
    type View<'s> = (A::View<'s>, B::View<'s>);
    type Plan = (A::Plan, B::Plan);

    fn view<T: Tensor>((a, b): &mut Self::State<T>) -> Self::View<'_> {
        (A::view(a), B::view(b))
    }

    fn check(&self) -> Result<(), Error> {
        self.0.check()?;
        self.1.check()
    }

    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, gradient: Option<&G>) -> Self::Plan {
        (self.0.plan(step, learning_rate, gradient), self.1.plan(step, learning_rate, gradient))
    }

    fn transform(&self, (a, b): &Self::Plan, weights: &[f32], gradient: &mut [f32], state: Self::View<'_>) {
        self.0.transform(a, weights, gradient, state.0);
        self.1.transform(b, weights, gradient, state.1);
    }

    fn descend(&self, (a, b): &Self::Plan, learning_rate: f32, weights: &mut [f32], gradient: &mut [f32], state: Self::View<'_>) {
        self.0.transform(a, weights, gradient, state.0);
        self.1.descend(b, learning_rate, weights, gradient, state.1);
    }
}

#[diagnostic::do_not_recommend]
impl<A: Tensorwise, B: Tensorwise> Tensorwise for Then<A, B> {}

#[diagnostic::do_not_recommend]
impl<A: Elementwise, B: Elementwise> Elementwise for Then<A, B> {}
