//! Updates of a dense layer's parameters by the outer product of its inputs and its output gradients, row by row.

use super::isa::Isa;
use super::sweep::{ByRow, Operation, sweep_rows};
use crate::kernel::{AdamStep, MomentumStep};

#[derive(Clone, Copy)]
struct Add {
    alpha: f32,
    x: f32,
}

impl Operation<1, 1> for Add {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [d]: [I::V; 1], [weights]: [I::V; 1]) -> [I::V; 1] {
        [isa.add_product(weights, isa.splat(self.x), isa.by(d, isa.splat(self.alpha)))]
    }
}

impl ByRow<1> for Add {
    #[inline(always)]
    fn at(self, x: f32) -> Self {
        Self { x, ..self }
    }
}

#[inline(always)]
pub fn rank_one<I: Isa>(isa: I, alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) {
    sweep_rows(isa, input, deltas, [weights], Add { alpha, x: 0.0 });
}

#[derive(Clone, Copy)]
struct Momentum {
    step: MomentumStep,
    x: f32,
}

impl Operation<1, 2> for Momentum {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [d]: [I::V; 1], [weights, v]: [I::V; 2]) -> [I::V; 2] {
        let gradient = isa.by(d, isa.splat(self.x));
        let decay = isa.splat(self.step.momentum);
        let v = isa.add_product(isa.by(v, decay), gradient, isa.splat(self.step.gain));
        let ahead = if self.step.nesterov { isa.add_product(gradient, v, decay) } else { v };
        [isa.add_product(weights, ahead, isa.splat(-self.step.learning_rate)), v]
    }
}

impl ByRow<2> for Momentum {
    #[inline(always)]
    fn at(self, x: f32) -> Self {
        Self { x, ..self }
    }
}

#[inline(always)]
pub fn momentum<I: Isa>(isa: I, step: &MomentumStep, x: &[f32], d: &[f32], weights: &mut [f32], velocity: &mut [f32]) {
    sweep_rows(isa, x, d, [weights, velocity], Momentum { step: *step, x: 0.0 });
}

#[derive(Clone, Copy)]
struct Adam {
    step: AdamStep,
    x: f32,
}

impl Operation<1, 3> for Adam {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [d]: [I::V; 1], [weights, m, v]: [I::V; 3]) -> [I::V; 3] {
        let step = &self.step;
        let gradient = isa.by(d, isa.splat(self.x));
        let m = isa.add_product(isa.by(m, isa.splat(step.beta1)), gradient, isa.splat(step.gain1));
        let v = isa.add_product(isa.by(v, isa.splat(step.beta2)), isa.by(gradient, gradient), isa.splat(step.gain2));
        let direction = isa.over(m, isa.add_product(isa.splat(step.epsilon), isa.root(v), isa.splat(step.root_correction)));
        [isa.add_product(weights, direction, isa.splat(-step.rate)), m, v]
    }
}

impl ByRow<3> for Adam {
    #[inline(always)]
    fn at(self, x: f32) -> Self {
        Self { x, ..self }
    }
}

#[inline(always)]
pub fn adam<I: Isa>(isa: I, step: &AdamStep, x: &[f32], d: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) {
    sweep_rows(isa, x, d, [weights, m, v], Adam { step: *step, x: 0.0 });
}
