//! Updates of a dense layer's parameters by the outer product of its inputs and its output gradients, row by row.

use super::isa::Isa;
use super::sweep::{ByRow, Operation, sweep, sweep_rows};
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
    if d.is_empty() || d.len() >= I::WIDTH {
        sweep_rows(isa, x, d, [weights, m, v], Adam { step: *step, x: 0.0 });
    } else {
        adam_of_narrow_rows(isa, step, x, d, [weights, m, v]);
    }
}

/// Rows whose gradient is laid out at a time, each shorter than a vector.
const NARROW: usize = 16;

/// The gradient of some rows first, then their steps as if they were one: roots and quotients take as long for a vector that is
/// not full.
#[inline(always)]
fn adam_of_narrow_rows<I: Isa>(isa: I, step: &AdamStep, x: &[f32], d: &[f32], [mut weights, mut m, mut v]: [&mut [f32]; 3]) {
    let (columns, mut gradient) = (d.len(), [0.0; NARROW * NARROW]);
    let rows = weights.len().min(m.len()).min(v.len()).checked_div(columns).unwrap_or(0);
    // SAFETY: `d` has `columns` elements, and a vector has no fewer.
    let d = unsafe { isa.load_part(d.as_ptr(), isa.first(columns)) };
    for x in x.get(..rows.min(x.len())).unwrap_or_default().chunks(NARROW) {
        for (row, x) in x.iter().enumerate() {
            // SAFETY: a row that is no longer than a vector, and a vector is no longer than `NARROW`: of so many rows the last
            // begins a vector before the end or earlier. What is written past a row's end, the next one overwrites.
            unsafe { isa.store(isa.by(d, isa.splat(*x)), gradient.as_mut_ptr().add(row * columns)) };
        }
        let count = x.len() * columns;
        let (Some(gradient), Some((w, w_rest))) = (gradient.get(..count), weights.split_at_mut_checked(count)) else { return };
        let (Some((m_part, m_rest)), Some((v_part, v_rest))) = (m.split_at_mut_checked(count), v.split_at_mut_checked(count))
        else {
            return;
        };
        sweep(isa, [gradient], [w, m_part, v_part], Adam { step: *step, x: 1.0 });
        (weights, m, v) = (w_rest, m_rest, v_rest);
    }
}
