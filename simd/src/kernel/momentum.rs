//! A step with momentum: one pass over weights, gradient and velocity.

use crate::backend::{self, Quad, Tile};
use crate::block::rows_mut;
use crate::lanes::{Lanes, load_first};

/// The constants of one step of [`momentum`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MomentumStep {
    /// The learning rate η.
    pub learning_rate: f32,
    /// What is kept of the velocity, μ.
    pub momentum: f32,
    /// What a gradient is multiplied with before it is added to the velocity: 1 − dampening.
    pub gain: f32,
    /// Whether the step looks ahead along the new velocity (Nesterov, in PyTorch's form).
    pub nesterov: bool,
}

/// `v ← μ·v + γ·g`, then `w ← w − η·v`, or with Nesterov's look-ahead `w ← w − η·(g + μ·v)`.
///
/// ```
/// use kilograd_simd::kernel::{MomentumStep, momentum};
/// let step = MomentumStep { learning_rate: 0.5, momentum: 0.5, gain: 1.0, nesterov: false };
/// let (mut weights, mut velocity) = ([1.0], [2.0]);
/// momentum(&step, &mut weights, &[1.0], &mut velocity);
/// assert_eq!((weights, velocity), ([0.0], [2.0]));
/// ```
pub fn momentum(step: &MomentumStep, weights: &mut [f32], gradient: &[f32], velocity: &mut [f32]) {
    let length = gradient.len().min(weights.len()).min(velocity.len());
    if let Some(gradient) = gradient.get(..length) {
        // 1·g is g, bit for bit.
        momentum_outer(step, &[1.0], gradient, weights, velocity);
    }
}

/// [`momentum`] with the gradient `gᵢⱼ = xᵢ·dⱼ` of a dense layer, which is never stored. The same bits as with one.
///
/// ```
/// use kilograd_simd::kernel::{MomentumStep, momentum_outer};
/// let step = MomentumStep { learning_rate: 0.5, momentum: 0.5, gain: 1.0, nesterov: false };
/// let (mut weights, mut velocity) = ([1.0], [2.0]);
/// momentum_outer(&step, &[2.0], &[0.5], &mut weights, &mut velocity);
/// assert_eq!((weights, velocity), ([0.0], [2.0]));
/// ```
pub fn momentum_outer(step: &MomentumStep, input: &[f32], deltas: &[f32], weights: &mut [f32], velocity: &mut [f32]) {
    if backend::momentum_rows(step, input, deltas, weights, velocity)
        || backend::momentum(step, input, deltas, weights, velocity).is_some()
    {
        return;
    }
    if step.nesterov {
        outer::<true>(step, input, deltas, weights, velocity);
    } else {
        outer::<false>(step, input, deltas, weights, velocity);
    }
}

#[inline(never)]
fn outer<const NESTEROV: bool>(step: &MomentumStep, input: &[f32], deltas: &[f32], weights: &mut [f32], velocity: &mut [f32]) {
    let step = *step;
    let rows = rows_mut(weights, deltas.len()).zip(rows_mut(velocity, deltas.len()));
    for (x, (w, v)) in input.iter().zip(rows) {
        let (d, w, v) = take_all::<Tile, { Tile::WIDTH }, NESTEROV>(&step, *x, deltas, w, v);
        let (d, w, v) = take_all::<Quad, { Quad::WIDTH }, NESTEROV>(&step, *x, d, w, v);
        take_all::<f32, 1, NESTEROV>(&step, *x, d, w, v);
    }
}

/// Part of a row's deltas, weights and velocities.
type Part<'a> = (&'a [f32], &'a mut [f32], &'a mut [f32]);

/// As much of a row as whole groups of `WIDTH`, which `L` has, make up; returns the rest.
#[inline(always)]
fn take_all<'a, L: Lanes, const WIDTH: usize, const NESTEROV: bool>(
    step: &MomentumStep,
    x: f32,
    deltas: &'a [f32],
    weights: &'a mut [f32],
    velocity: &'a mut [f32],
) -> Part<'a> {
    let (d, d_rest) = deltas.as_chunks::<WIDTH>();
    let ((w, w_rest), (v, v_rest)) = (weights.as_chunks_mut::<WIDTH>(), velocity.as_chunks_mut::<WIDTH>());
    for ((d, w), v) in d.iter().zip(w).zip(v) {
        take::<L, NESTEROV>(step, x, d, w, v);
    }
    (d_rest, w_rest, v_rest)
}

/// One step of the first `L` weights; a product with −η is the negated product with η.
#[inline(always)]
fn take<L: Lanes, const NESTEROV: bool>(step: &MomentumStep, x: f32, deltas: &[f32], weights: &mut [f32], velocity: &mut [f32]) {
    let (Some(d), Some(v)) = (L::load(deltas), L::load(velocity)) else { return };
    load_first();
    let gradient = d.times(x);
    let v = v.times(step.momentum).add_times(gradient, step.gain);
    let Some(w) = L::load(weights) else { return };
    load_first();
    v.store(velocity);
    let ahead = if NESTEROV { gradient.add_times(v, step.momentum) } else { v };
    w.add_times(ahead, -step.learning_rate).store(weights);
}
