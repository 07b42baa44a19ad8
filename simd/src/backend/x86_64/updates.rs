//! Updates of a dense layer's parameters by the outer product of its inputs and its output gradients, row by row.

use super::isa::Isa;
use super::sweep::{Operation, sweep};
use crate::block::rows_mut;
use crate::kernel::{AdamStep, MomentumStep};

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

#[inline(always)]
pub fn rank_one<I: Isa>(isa: I, alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) {
    for (x, row) in input.iter().zip(rows_mut(weights, deltas.len())) {
        sweep(isa, [deltas], [row], Add { alpha, x: *x });
    }
}

struct Momentum<'a> {
    step: &'a MomentumStep,
    x: f32,
}

impl Operation<1, 2> for Momentum<'_> {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [d]: [I::V; 1], [weights, v]: [I::V; 2]) -> [I::V; 2] {
        let gradient = isa.by(d, isa.splat(self.x));
        let decay = isa.splat(self.step.momentum);
        let v = isa.add_product(isa.by(v, decay), gradient, isa.splat(self.step.gain));
        let ahead = if self.step.nesterov { isa.add_product(gradient, v, decay) } else { v };
        [isa.add_product(weights, ahead, isa.splat(-self.step.learning_rate)), v]
    }
}

#[inline(always)]
pub fn momentum<I: Isa>(isa: I, step: &MomentumStep, x: &[f32], d: &[f32], weights: &mut [f32], velocity: &mut [f32]) {
    let rows = rows_mut(weights, d.len()).zip(rows_mut(velocity, d.len()));
    for (x, (weights, velocity)) in x.iter().zip(rows) {
        sweep(isa, [d], [weights, velocity], Momentum { step, x: *x });
    }
}

struct Adam<'a> {
    step: &'a AdamStep,
    x: f32,
}

impl Operation<1, 3> for Adam<'_> {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [d]: [I::V; 1], [weights, m, v]: [I::V; 3]) -> [I::V; 3] {
        let step = self.step;
        let gradient = isa.by(d, isa.splat(self.x));
        let m = isa.add_product(isa.by(m, isa.splat(step.beta1)), gradient, isa.splat(step.gain1));
        let v = isa.add_product(isa.by(v, isa.splat(step.beta2)), isa.by(gradient, gradient), isa.splat(step.gain2));
        let direction = isa.over(m, isa.add_product(isa.splat(step.epsilon), isa.root(v), isa.splat(step.root_correction)));
        [isa.add_product(weights, direction, isa.splat(-step.rate)), m, v]
    }
}

#[inline(always)]
pub fn adam<I: Isa>(isa: I, step: &AdamStep, x: &[f32], d: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) {
    let rows = rows_mut(weights, d.len()).zip(rows_mut(m, d.len())).zip(rows_mut(v, d.len()));
    for (x, ((weights, m), v)) in x.iter().zip(rows) {
        sweep(isa, [d], [weights, m, v], Adam { step, x: *x });
    }
}
