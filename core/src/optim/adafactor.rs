//! Adafactor.

use super::arithmetic::counted_size;
use super::{Rule, Tensorwise, View};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, count, norm, to_f32};
use kilograd_simd::kernel;
use kilograd_simd::math::sqrt;

/// Adam's second moment, of a matrix kept as its rows' and columns' means alone. *State:* (rows + columns) × f32 a matrix,
/// 1 × f32 an element of a vector; needs a stored gradient.
///
/// With `ρ = t^(−decay_power)`: `r ← (1 − ρ)·r + ρ·mean of g² over a row`, c the same over a column,
/// `V = r·cᵀ / max(mean r, ε₁)` (of a vector the elements themselves), `U = g / √max(V, ε₁²)`; then
/// `w ← w − max(ε₂, rms w)·min(η, 1 / √t)·U / max(1, rms U / clip)`. A root mean square of the weights above
/// [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT) counts as that, so that the step does not lead beyond the largest number.
///
/// Source: N. Shazeer and M. Stern, *Adafactor: adaptive learning rates with sublinear memory cost* (2018); PyTorch's form.
/// For its weight decay write `Then(Adafactor { .. }, WeightDecay { .. })`.
///
/// ```
/// use kilograd::optim::Adafactor;
/// use kilograd::prelude::*;
///
/// type Net = network![64 => 32 => Relu => 10];
/// // Of a matrix a row and a column; of biases as many numbers as there are.
/// assert_eq!(Memory::<Net, Adafactor, Accumulated>::STATE_BYTES, 4 * ((64 + 32) + 32 + (32 + 10) + 10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Adafactor {
    /// How fast the decay of the second moment approaches 1, above 0; PyTorch's `beta2_decay` is its negative.
    pub decay_power: f32,
    /// ε₁, the smallest root of the second moment; above 0, and so is its square.
    pub epsilon1: f32,
    /// ε₂, the smallest root mean square that weights count for, above 0.
    pub epsilon2: f32,
    /// The root mean square that a direction is clipped at, d, above 0.
    pub clip: f32,
}

/// What of one step of [`Adafactor`] is the same for all tensors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdafactorPlan {
    /// ρ, the weight of the new squares.
    gain: f32,
    /// `min(η, 1 / √t) / η`.
    share: f32,
}

impl Adafactor {
    /// PyTorch's defaults: decay power 0.8, ε₁ the spacing of f32 at 1, ε₂ = 10⁻³, clip 1.
    pub const DEFAULT: Self = Self { decay_power: 0.8, epsilon1: f32::EPSILON, epsilon2: 1e-3, clip: 1.0 };

    /// Replaces `g` by `g / √max(v, ε₁²)`.
    fn normalise(&self, g: &mut f32, v: f32) {
        let least = self.epsilon1 * self.epsilon1;
        *g /= sqrt(if v > least { v } else { least });
    }

    fn of_vector(&self, gain: f32, gradient: &mut [f32], state: &mut [f32]) {
        for (g, v) in gradient.iter_mut().zip(state) {
            *v += gain * (*g * *g - *v);
            self.normalise(g, *v);
        }
    }

    fn of_matrix(&self, gain: f32, mut gradient: &mut [f32], rows: &mut [f32], columns: &mut [f32]) {
        let (row_share, column_share) = (gain / count(columns.len()), gain / count(rows.len()));
        kernel::scale(1.0 - gain, rows);
        kernel::scale(1.0 - gain, columns);
        let mut rest = &*gradient;
        for r in rows.iter_mut() {
            let Some((row, below)) = rest.split_at_checked(columns.len()) else { return };
            *r += row_share * kernel::sum_of_squares(row, 1.0);
            for (c, g) in columns.iter_mut().zip(row) {
                *c += column_share * (g * g);
            }
            rest = below;
        }
        let mean = kernel::sum(rows) / count(rows.len());
        let mean = if mean > self.epsilon1 { mean } else { self.epsilon1 };
        for r in rows.iter() {
            let share = r / mean;
            for (g, c) in gradient.take(columns.len()).iter_mut().zip(columns.iter()) {
                self.normalise(g, share * c);
            }
        }
    }
}

impl Default for Adafactor {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The root mean square.
fn rms(x: &[f32]) -> f32 {
    norm(x) / sqrt(count(x.len()))
}

impl Rule for Adafactor {
    type State<T: Tensor> = (T::PerRow, T::PerColumn);
    type View<'s> = (&'s mut [f32], &'s mut [f32]);
    type Plan = AdafactorPlan;

    fn view<T: Tensor>((rows, columns): &mut Self::State<T>) -> Self::View<'_> {
        (rows.as_mut_slice(), columns.as_mut_slice())
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Power.require_positive(self.decay_power)?;
        let square = self.epsilon1 * self.epsilon1;
        Setting::Epsilon.require(self.epsilon1, self.epsilon1 > 0.0 && square > 0.0 && square.is_finite())?;
        Setting::Epsilon.require_positive(self.epsilon2)?;
        Setting::ClipBound.require_positive(self.clip)
    }

    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, _: Option<&G>) -> AdafactorPlan {
        let t = to_f32(step);
        let share = 1.0 / (learning_rate * sqrt(t));
        AdafactorPlan { gain: libm::powf(t, -self.decay_power), share: if share < 1.0 { share } else { 1.0 } }
    }

    fn transform(&self, plan: &AdafactorPlan, weights: &[f32], gradient: &mut [f32], (rows, columns): Self::View<'_>) {
        if rows.is_empty() {
            self.of_vector(plan.gain, gradient, columns);
        } else {
            self.of_matrix(plan.gain, gradient, rows, columns);
        }
        let (size, clipped) = (counted_size(rms(weights)), rms(gradient) / self.clip);
        let size = if size > self.epsilon2 { size } else { self.epsilon2 };
        kernel::scale(size * plan.share / if clipped > 1.0 { clipped } else { 1.0 }, gradient);
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Adafactor {}
