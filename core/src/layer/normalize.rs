//! What layers share that divide a sample by its deviation.

use crate::tensor::{Tensor, Vector, Zero, count, norm_scale};
use kilograd_simd::kernel;
use kilograd_simd::math::sqrt;

/// What [`LayerNorm`](super::LayerNorm) and [`RmsNorm`](super::RmsNorm) remember between forward and backward.
pub struct NormTape<const N: usize> {
    /// What is subtracted from every input.
    mean: f32,
    /// What the difference is multiplied by.
    factor: f32,
    /// The gradient with respect to the gain.
    pub(super) d_gain: Vector<N>,
}

impl<const N: usize> Zero for NormTape<N> {
    const ZERO: Self = Self { mean: 0.0, factor: 0.0, d_gain: Vector::ZERO };
}

impl<const N: usize> NormTape<N> {
    /// Remembers the mean and what the differences to it must be multiplied by.
    pub(super) fn normalize(&mut self, mean: f32, differences: &[f32], epsilon: f32) {
        self.mean = mean;
        self.factor = inverse_root_mean_square(differences, epsilon);
    }

    /// An input x̂, normalised.
    pub(super) fn normalized(&self, x: f32) -> f32 {
        (x - self.mean) * self.factor
    }

    /// `dᵢ·x̂ᵢ`, the gradient with respect to the gain.
    pub(super) fn differentiate_gain(&mut self, input: &Vector<N>, d_output: &Vector<N>) {
        let (mean, factor) = (self.mean, self.factor);
        let pairs = input.as_slice().iter().zip(d_output.as_slice());
        for (d_gain, (x, d)) in self.d_gain.as_mut_slice().iter_mut().zip(pairs) {
            *d_gain = d * ((x - mean) * factor);
        }
    }

    /// `(γᵢ·dᵢ − alike − x̂ᵢ·Σⱼ γⱼ·dⱼ·x̂ⱼ/N) · factor`, once the gain's gradient is there.
    pub(super) fn differentiate_input(
        &self,
        gain: &Vector<N>,
        input: &Vector<N>,
        d_output: &Vector<N>,
        alike: f32,
        d_input: &mut Vector<N>,
    ) {
        let along = gain.dot(&self.d_gain) / count(N);
        let triples = input.as_slice().iter().zip(gain.as_slice()).zip(d_output.as_slice());
        for (d_input, ((x, gain), d)) in d_input.as_mut_slice().iter_mut().zip(triples) {
            *d_input = (gain * d - alike - self.normalized(*x) * along) * self.factor;
        }
    }
}

/// `1 / √(Σ xᵢ²/N + ε)`. Where squares could overflow, x is scaled by a power of two, which rounds nothing: a factor of 0 would
/// turn inputs that are far too large into outputs that look right.
fn inverse_root_mean_square(x: &[f32], epsilon: f32) -> f32 {
    let (scale, _) = norm_scale(kernel::max_abs(x));
    let scale = if scale < 1.0 { scale } else { 1.0 };
    scale / sqrt(kernel::sum_of_squares(x, scale) / count(x.len()) + epsilon * scale * scale)
}
