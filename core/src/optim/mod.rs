//! First-order update rules, one a file, and how they compose.
//!
//! A [`Rule`] turns a gradient into the direction in which a learning rate descends; a
//! [`Schedule`](schedule::Schedule) says the rate. [`Then`] chains two rules (the idea of
//! [optax](https://github.com/google-deepmind/optax)). Rules know slices of parameters, never layers.
//!
//! | rule | state, bytes a parameter | √ and ÷ a parameter | fused |
//! |---|---|---|---|
//! | [`Sgd`] | 0 | 0 and 0 | yes |
//! | [`SignSgd`] | 0 | 0 and 0 | yes |
//! | [`Momentum`] (heavy ball, Nesterov), [`ScheduledMomentum`], [`book::Nesterov`] | 4 | 0 and 0 | yes |
//! | [`Lion`] | 4 | 0 and 0 | yes |
//! | [`Asgd`] (its average is the state) | 4 | 0 and 0 | yes |
//! | [`AdaGrad`] | 4 | 1 and 1 | yes |
//! | [`RmsProp`], [`book::RmsProp`] | 4 | 1 and 1 | yes |
//! | [`CenteredRmsProp`] | 8 | 1 and 1 | yes |
//! | `Then<RmsProp, Momentum>`, [`book::RmsPropNesterov`] | 8 | 1 and 1 | yes |
//! | [`AdaDelta`] | 8 | 1 and 1 | yes |
//! | [`Adam`] | 8 | 1 and 1 | yes |
//! | [`AdamW`] = `Then<Adam, WeightDecay>` | 8 | 1 and 1 | yes |
//! | [`AdaMax`] | 8 | 0 and 1 | yes |
//! | [`NAdam`], [`RAdam`], [`AdaBelief`], [`Yogi`] | 8 | 1 and 1 | yes |
//! | [`AmsGrad`] | 12 | 1 and 1 | yes |
//! | [`Rprop`] (whole batches) | 8 | 0 and 0 | yes |
//! | [`WeightDecay`], [`ClipValue`] | 0 | 0 and 0 | yes |
//! | [`NaturalGradient`] (diagonal Fisher) | 4 | 0 and 1 | yes |
//! | [`TrustRatio`] | 0 | 0 and 0 | no: needs a whole tensor's gradient |
//! | [`Lars`] = weight decay, [`TrustRatio`], [`Momentum`] | 4 | 0 and 0 | no |
//! | [`Lamb`] = [`Adam`], weight decay, [`TrustRatio`] | 8 | 1 and 1 | no |
//! | [`Adafactor`] | 4·(in + out) a matrix | 1 and 1 | no |
//! | [`Shampoo`] | 8·(in² + out²) + 4·(in + out) a matrix | 0 and 0 | no |
//! | [`Delayed`] | 4 × delay | 0 and 0 | yes |
//! | [`ClipNorm`] | 0 | 0 and 0 | no: needs the whole gradient |
//!
//! *Fused* rules are [`Elementwise`]: they can follow right after the backward pass, the gradient never stored. Others need a
//! whole tensor's gradient ([`Tensorwise`]) or that of the whole network, and so a trainer that stores it.

mod adabelief;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adamax;
mod amsgrad;
mod arithmetic;
mod asgd;
pub mod book;
mod centered_rmsprop;
mod clip_norm;
mod clip_value;
mod delayed;
mod lion;
mod momentum;
mod nadam;
mod natural_gradient;
mod partwise;
mod radam;
mod rmsprop;
mod rprop;
pub mod schedule;
mod scheduled_momentum;
mod sgd;
mod shampoo;
mod sign_sgd;
mod then;
mod trust_ratio;
mod view;
mod weight_decay;
mod yogi;

pub use adabelief::AdaBelief;
pub use adadelta::AdaDelta;
pub use adafactor::{Adafactor, AdafactorPlan};
pub use adagrad::{AdaGrad, AdaGradPlan};
pub use adam::{Adam, AdamPlan};
pub use adamax::AdaMax;
pub use amsgrad::AmsGrad;
pub use asgd::{Asgd, AsgdPlan};
pub use centered_rmsprop::CenteredRmsProp;
pub use clip_norm::{ClipNorm, Norm};
pub use clip_value::ClipValue;
pub use delayed::Delayed;
pub use lion::Lion;
pub use momentum::Momentum;
pub use nadam::{NAdam, NAdamPlan};
pub use natural_gradient::NaturalGradient;
pub use partwise::Partwise;
pub use radam::{RAdam, RAdamPlan};
pub use rmsprop::RmsProp;
pub use rprop::{Rprop, RpropPlan};
pub use scheduled_momentum::ScheduledMomentum;
pub use sgd::Sgd;
pub use shampoo::{Shampoo, ShampooPlan};
pub use sign_sgd::SignSgd;
pub use then::{AdamW, Then};
pub use trust_ratio::{Lamb, Lars, TrustRatio};
pub use view::View;
pub use weight_decay::WeightDecay;
pub use yogi::Yogi;

use crate::error::Error;
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::kernel;

/// Turns a gradient into the direction of a step, `w ← w − η · direction`.
///
/// A new rule is a file with its settings, the state it keeps per parameter, and [`transform`](Rule::transform); what it
/// can do in one pass over the weights it overrides.
///
/// ```
/// use kilograd::optim::{Rule, Sgd, Then, WeightDecay};
///
/// // L2 regularisation: the decay is part of the gradient that the next rule sees.
/// let rule = Then(WeightDecay { weight_decay: 0.5 }, Sgd);
/// let plan = rule.plan::<()>(1, 0.1, None);
/// let (mut weights, mut gradient) = ([2.0], [1.0]);
/// rule.descend(&plan, 0.1, &mut weights, &mut gradient, ((), ()));
/// assert_eq!(weights, [1.8]);
/// ```
pub trait Rule {
    /// What a parameter costs, about, in multiply-accumulates: a root and a division, unless it says otherwise. Steps in
    /// [slices](crate::train::SlicedTrainer) count with it.
    const COST: usize = 16;

    /// What is remembered from step to step for one parameter tensor `T`: `()`, `T`, a pair of them.
    type State<T: Tensor>: Parameters;

    /// A state, seen as slices (so that a kernel does not depend on shapes).
    type View<'s>: View;

    /// What is computed once a step for all parameters: bias corrections, a clipping factor.
    type Plan;

    /// A state as slices.
    fn view<T: Tensor>(state: &mut Self::State<T>) -> Self::View<'_>;

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;

    /// Prepares step number `step`, counted from 1, over all of `gradient` where there is one to see. The learning rate is that
    /// of the step, for the few formulas that it is a part of; multiplying by it is not the rule's business.
    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, gradient: Option<&G>) -> Self::Plan;

    /// Turns the gradient into the direction, in place, and updates the state.
    fn transform(&self, plan: &Self::Plan, weights: &[f32], gradient: &mut [f32], state: Self::View<'_>);

    /// A whole step: `w ← w − η · direction`. The gradient is used up.
    fn descend(&self, plan: &Self::Plan, learning_rate: f32, weights: &mut [f32], gradient: &mut [f32], state: Self::View<'_>) {
        self.transform(plan, weights, gradient, state);
        kernel::axpy(-learning_rate, gradient, weights);
    }
}

/// Elements that [`Elementwise::descend_outer`] handles at a time: what it needs of stack, 4 bytes each.
const BLOCK: usize = 16;

/// A rule that treats each parameter tensor by itself, so that it can follow another one ([`Then`]): whatever its plan says
/// does not come from the gradient.
#[diagnostic::on_unimplemented(
    message = "`{Self}` needs the whole gradient at once",
    label = "`{Self}` needs the whole gradient at once",
    note = "in `Then(a, b)` such a rule can only be `a`: as `b` it would see a gradient that `a` has not changed everywhere yet"
)]
pub trait Tensorwise: Rule {}

/// A rule that treats each parameter by itself, so that it can work on any part of a tensor at a time: what a fused step
/// needs, which never has a whole tensor's gradient.
#[diagnostic::on_unimplemented(
    message = "`{Self}` needs more of the gradient at once than a fused step has",
    label = "`{Self}` needs more of the gradient at once than a fused step has",
    note = "a fused step never stores the gradient: train with `Memory<_, _, Accumulated>`, which does, or leave this rule out"
)]
pub trait Elementwise: Tensorwise {
    /// A whole step with the gradient `gᵢⱼ = inputᵢ·deltasⱼ` of a dense layer (weights input-major), never stored.
    ///
    /// The same bits as [`Rule::descend`] with that gradient ([`Sgd`] rounds `η·deltasⱼ` first).
    fn descend_outer(
        &self,
        plan: &Self::Plan,
        learning_rate: f32,
        input: &[f32],
        deltas: &[f32],
        weights: &mut [f32],
        mut state: Self::View<'_>,
    ) {
        let mut rest = weights;
        for x in input {
            for deltas in deltas.chunks(BLOCK) {
                let Some((weights, after)) = core::mem::take(&mut rest).split_at_mut_checked(deltas.len()) else { return };
                rest = after;
                let mut gradient = [0.0; BLOCK];
                let Some(gradient) = gradient.get_mut(..deltas.len()) else { return };
                for (g, d) in gradient.iter_mut().zip(deltas) {
                    *g = x * d;
                }
                self.descend(plan, learning_rate, weights, gradient, state.take(deltas.len()));
            }
        }
    }

    /// A whole step with the gradient `gᵢⱼ = Σₛ inputsₛᵢ·deltasₛⱼ` of a dense layer over so many samples, never stored.
    ///
    /// The same bits as [`Rule::descend`] with that gradient, summed over the samples in natural order ([`Sgd`] rounds `η·deltasₛⱼ`
    /// first and adds sample by sample).
    fn descend_product(
        &self,
        plan: &Self::Plan,
        learning_rate: f32,
        samples: usize,
        (inputs, deltas): (&[f32], &[f32]),
        weights: &mut [f32],
        mut state: Self::View<'_>,
    ) {
        let (Some(width), Some(outputs)) = (inputs.len().checked_div(samples), deltas.len().checked_div(samples)) else { return };
        let mut rest = weights;
        for i in 0..width {
            let mut from = 0;
            while from < outputs {
                let count = BLOCK.min(outputs - from);
                let Some((weights, after)) = core::mem::take(&mut rest).split_at_mut_checked(count) else { return };
                rest = after;
                let mut gradient = [0.0; BLOCK];
                let Some(gradient) = gradient.get_mut(..count) else { return };
                add_products(samples, (inputs, i), (deltas, from), gradient);
                self.descend(plan, learning_rate, weights, gradient, state.take(count));
                from += count;
            }
        }
    }
}

/// Adds `Σₛ inputsₛᵢ·deltasₛⱼ` to `sums`, for one i and the columns j from `from` on that `sums` has room for.
fn add_products(samples: usize, (inputs, i): (&[f32], usize), (deltas, from): (&[f32], usize), sums: &mut [f32]) {
    let (Some(width), Some(outputs)) = (inputs.len().checked_div(samples), deltas.len().checked_div(samples)) else { return };
    let (mut inputs, mut deltas) = (inputs, deltas);
    while let (Some(x), Some(row)) = (inputs.get(i), deltas.get(from..outputs)) {
        kernel::axpy(*x, row, sums);
        inputs = inputs.get(width..).unwrap_or_default();
        deltas = deltas.get(outputs..).unwrap_or_default();
    }
}

/// One step, ready to be taken: a rule, its plan and the learning rate.
pub struct Step<'r, R: Rule> {
    rule: &'r R,
    plan: R::Plan,
    learning_rate: f32,
}

impl<'r, R: Rule> Step<'r, R> {
    /// Step number `step`, counted from 1.
    pub fn new<G: Parameters>(rule: &'r R, step: u32, learning_rate: f32, gradient: Option<&G>) -> Self {
        Self { rule, plan: rule.plan(step, learning_rate, gradient), learning_rate }
    }

    /// Moves `weights` against `gradient`, which is used up.
    pub fn descend<T: Tensor>(&self, weights: &mut T, gradient: &mut T, state: &mut R::State<T>) {
        let (weights, gradient) = (weights.as_mut_slice(), gradient.as_mut_slice());
        self.rule.descend(&self.plan, self.learning_rate, weights, gradient, R::view(state));
    }
}

impl<R: Elementwise> Step<'_, R> {
    /// Moves `weights` against the gradient `inputᵢ·deltasⱼ`, which is never stored.
    pub fn descend_outer<T: Tensor>(&self, input: &[f32], deltas: &[f32], weights: &mut T, state: &mut R::State<T>) {
        let weights = weights.as_mut_slice();
        self.rule.descend_outer(&self.plan, self.learning_rate, input, deltas, weights, R::view(state));
    }

    /// Moves `weights` against the gradient `Σₛ inputsₛᵢ·deltasₛⱼ` over so many samples, which is never stored.
    pub fn descend_product<T: Tensor>(
        &self,
        samples: usize,
        inputs: &[f32],
        deltas: &[f32],
        weights: &mut T,
        state: &mut R::State<T>,
    ) {
        let (weights, state) = (weights.as_mut_slice(), R::view(state));
        self.rule.descend_product(&self.plan, self.learning_rate, samples, (inputs, deltas), weights, state);
    }
}
