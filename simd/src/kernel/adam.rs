//! Adam's step: one pass over weights, gradient and both moments.

use crate::backend::{self, Quad};
use crate::block::rows_mut;
use crate::lanes::{Lanes, load_first};
use crate::math::{multiply_add, sqrt};
use core::slice::{from_mut, from_ref};

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
        *m = multiply_add(self.gain1, gradient, self.beta1 * *m);
        *v = multiply_add(self.gain2, gradient * gradient, self.beta2 * *v);
        *m / multiply_add(sqrt(*v), self.root_correction, self.epsilon)
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
    let length = gradient.len().min(weights.len()).min(m.len()).min(v.len());
    if let Some(gradient) = gradient.get(..length) {
        // 1·g is g, bit for bit.
        adam_outer(step, &[1.0], gradient, weights, m, v);
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
    if backend::adam_rows(step, input, deltas, weights, m, v) || backend::adam(step, input, deltas, weights, m, v).is_some() {
        return;
    }
    let (step, columns) = (*step, deltas.len());
    let (d, d_tail) = deltas.as_chunks::<4>();
    let rows = rows_mut(weights, columns).zip(rows_mut(m, columns)).zip(rows_mut(v, columns));
    for (x, ((weights, m), v)) in input.iter().zip(rows) {
        let (w, w_tail) = weights.as_chunks_mut::<4>();
        let ((m, m_tail), (v, v_tail)) = (m.as_chunks_mut::<4>(), v.as_chunks_mut::<4>());
        for (((d, w), m), v) in d.iter().zip(w).zip(m).zip(v) {
            take::<Quad>(&step, *x, d, w, m, v);
        }
        for (((d, w), m), v) in d_tail.iter().zip(w_tail).zip(m_tail).zip(v_tail) {
            take::<f32>(&step, *x, from_ref(d), from_mut(w), from_mut(m), from_mut(v));
        }
    }
}

/// One step of the first `L` weights: [`AdamStep::direction`], the same operations in the same order.
#[inline(always)]
fn take<L: Lanes>(step: &AdamStep, x: f32, deltas: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) {
    let (Some(d), Some(m_old), Some(v_old)) = (L::load(deltas), L::load(m), L::load(v)) else { return };
    load_first();
    let gradient = d.times(x);
    let m_new = m_old.times(step.beta1).add_times(gradient, step.gain1);
    let v_new = v_old.times(step.beta2).add_times(gradient.by(gradient), step.gain2);
    let Some(w) = L::load(weights) else { return };
    load_first();
    m_new.store(m);
    v_new.store(v);
    let direction = m_new.over(L::splat(step.epsilon).add_times(v_new.root(), step.root_correction));
    // A product with −rate is the negated product with the rate.
    w.add_times(direction, -step.rate).store(weights);
}
