//! A step with momentum: one pass over weights, gradient and velocity.

use crate::block::rows_mut;

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
    if step.nesterov {
        for ((w, g), v) in weights.iter_mut().zip(gradient).zip(velocity) {
            *v = step.momentum * *v + step.gain * g;
            *w -= step.learning_rate * (g + step.momentum * *v);
        }
    } else {
        for ((w, g), v) in weights.iter_mut().zip(gradient).zip(velocity) {
            *v = step.momentum * *v + step.gain * g;
            *w -= step.learning_rate * *v;
        }
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
    let rows = rows_mut(weights, deltas.len()).zip(rows_mut(velocity, deltas.len()));
    for (x, (weights, velocity)) in input.iter().zip(rows) {
        if step.nesterov {
            for ((w, d), v) in weights.iter_mut().zip(deltas).zip(velocity) {
                let g = x * d;
                *v = step.momentum * *v + step.gain * g;
                *w -= step.learning_rate * (g + step.momentum * *v);
            }
        } else {
            for ((w, d), v) in weights.iter_mut().zip(deltas).zip(velocity) {
                let g = x * d;
                *v = step.momentum * *v + step.gain * g;
                *w -= step.learning_rate * *v;
            }
        }
    }
}
