//! Binary cross-entropy of logits.

use super::{Loss, by_element};
use crate::error::{Error, Setting};
use crate::tensor::{Tensor, Vector};
use kilograd_simd::math::{sigmoid, softplus};

/// `−Σ (p·tᵢ·ln σ(yᵢ) + (1 − tᵢ)·ln (1 − σ(yᵢ))) / N`, each output the logit of a probability of its own.
///
/// Computed as [`softplus`], `ln(1 + eʸ)`, which overflows for no logit. The gradient is
/// `((1 − t)·σ(y) − p·t·(1 − σ(y))) / N`. Source: *Deep Learning*, section 6.2.2.2; the weight p is PyTorch's
/// `pos_weight`.
///
/// ```
/// use kilograd::loss::{BinaryCrossEntropy, Loss};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut delta = Vector::ZERO;
/// let loss = BinaryCrossEntropy::default().evaluate(&Vector::new([1e4]), &Vector::new([0.0]), &mut delta);
/// assert_eq!((loss, delta), (Ok(1e4), Vector::new([1.0])));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BinaryCrossEntropy {
    /// How much a positive target counts against a negative one, p, 0 or more.
    pub positive_weight: f32,
}

impl Default for BinaryCrossEntropy {
    fn default() -> Self {
        Self { positive_weight: 1.0 }
    }
}

impl BinaryCrossEntropy {
    /// [`Loss::evaluate`] over slices of equal lengths; elements past the shortest one's end are left out.
    ///
    /// # Errors
    /// [`Error::TargetInvalid`] if a target lies outside [0, 1].
    pub fn evaluate_slice(&self, output: &[f32], target: &[f32], delta: &mut [f32]) -> Result<f32, Error> {
        by_element(
            output,
            target,
            delta,
            |t| (0.0..=1.0).contains(&t),
            |y, t| {
                let (positive, negative) = (self.positive_weight * t, 1.0 - t);
                (positive * softplus(-y) + negative * softplus(y), negative * sigmoid(y) - positive * sigmoid(-y))
            },
        )
    }
}

impl<const N: usize> Loss<Vector<N>> for BinaryCrossEntropy {
    type Target = Vector<N>;

    fn evaluate_row(&self, output: &[f32], target: &Vector<N>, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, target.as_slice(), delta)
    }

    fn check(&self) -> Result<(), Error> {
        Setting::ClassWeight.require_not_negative(self.positive_weight)
    }
}
