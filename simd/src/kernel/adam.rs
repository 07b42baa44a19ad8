//! Adam's step: one pass over weights, gradient and both moments.

use crate::block::rows_mut;
use crate::math::sqrt;

/// The constants of one step of [`adam`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    /// The learning rate over the first moment's bias correction, `η / (1 − β₁ᵗ)`.
    pub rate: f32,
    /// Decay of the first moment, β₁.
    pub beta1: f32,
    /// `1 − β₁`.
    pub gain1: f32,
    /// Decay of the second moment, β₂.
    pub beta2: f32,
    /// `1 − β₂`.
    pub gain2: f32,
    /// One over the root of the second moment's bias correction, `1 / √(1 − β₂ᵗ)`.
    pub root_correction: f32,
    /// ε, added outside the root.
    pub epsilon: f32,
}

impl AdamStep {
    /// `m` and `v` take the gradient in; returns the update `m / (√v·c + ε)` before the rate.
    #[inline(always)]
    pub fn direction(&self, gradient: f32, m: &mut f32, v: &mut f32) -> f32 {
        *m = self.beta1 * *m + self.gain1 * gradient;
        *v = self.beta2 * *v + self.gain2 * (gradient * gradient);
        *m / (sqrt(*v) * self.root_correction + self.epsilon)
    }
}

/// `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`, `w ← w − rate·(m / (√v·c + ε))`.
///
/// ```
/// use kilograd_simd::kernel::{AdamStep, adam};
/// let step = AdamStep { rate: 1.0, beta1: 0.0, gain1: 1.0, beta2: 0.0, gain2: 1.0, root_correction: 1.0, epsilon: 0.0 };
/// let (mut weights, mut m, mut v) = ([3.0], [0.0], [0.0]);
/// adam(&step, &mut weights, &[-2.0], &mut m, &mut v);
/// assert_eq!((weights, m, v), ([4.0], [-2.0], [4.0]));
/// ```
pub fn adam(step: &AdamStep, weights: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32]) {
    for (((w, g), m), v) in weights.iter_mut().zip(gradient).zip(m).zip(v) {
        *w -= step.rate * step.direction(*g, m, v);
    }
}

/// [`adam`] with the gradient `gᵢⱼ = xᵢ·dⱼ` of a dense layer, which is never stored. The same bits as with one.
///
/// ```
/// use kilograd_simd::kernel::{AdamStep, adam_outer};
/// let step = AdamStep { rate: 1.0, beta1: 0.0, gain1: 1.0, beta2: 0.0, gain2: 1.0, root_correction: 1.0, epsilon: 0.0 };
/// let (mut weights, mut m, mut v) = ([3.0], [0.0], [0.0]);
/// adam_outer(&step, &[2.0], &[-1.0], &mut weights, &mut m, &mut v);
/// assert_eq!((weights, m, v), ([4.0], [-2.0], [4.0]));
/// ```
pub fn adam_outer(step: &AdamStep, input: &[f32], deltas: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) {
    let columns = deltas.len();
    let rows = rows_mut(weights, columns).zip(rows_mut(m, columns)).zip(rows_mut(v, columns));
    for (x, ((weights, m), v)) in input.iter().zip(rows) {
        for (((w, d), m), v) in weights.iter_mut().zip(deltas).zip(m).zip(v) {
            *w -= step.rate * step.direction(x * d, m, v);
        }
    }
}
