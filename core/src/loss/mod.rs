//! What training makes small, one loss a file.
//!
//! A loss is the mean over a sample's outputs, and a batch's loss is the mean over its samples (by weight, where classes
//! have weights): PyTorch's `reduction="mean"`.
//!
//! | loss | target | for |
//! |---|---|---|
//! | [`CrossEntropy`], [`WeightedCrossEntropy`] | label | classes; the outputs are logits |
//! | [`SoftCrossEntropy`], [`KlDivergence`] | probabilities | the same, from a teacher |
//! | [`MultiMargin`] | label | classes; the outputs are scores |
//! | [`BinaryCrossEntropy`] | probabilities, each its own | yes or no; the outputs are logits |
//! | [`Hinge`], [`SquaredHinge`] | −1 or 1, each its own | yes or no; the outputs are scores |
//! | [`MeanSquaredError`] | values | regression |
//! | [`MeanAbsoluteError`], [`Huber`], [`SmoothL1`] | values | regression where some targets are far off |

mod batch_mean;
mod binary_cross_entropy;
mod cross_entropy;
mod deep_supervision;
mod element;
mod hinge;
mod huber;
mod kl_divergence;
mod mean_absolute_error;
mod mean_squared_error;
mod multi_margin;
mod probabilities;
mod smooth_l1;
mod soft_cross_entropy;
mod squared_hinge;
mod weighted_cross_entropy;

pub use batch_mean::BatchMean;
pub use binary_cross_entropy::BinaryCrossEntropy;
pub use cross_entropy::CrossEntropy;
pub use deep_supervision::DeepSupervision;
pub use hinge::Hinge;
pub use huber::Huber;
pub use kl_divergence::KlDivergence;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use multi_margin::MultiMargin;
pub use smooth_l1::SmoothL1;
pub use soft_cross_entropy::SoftCrossEntropy;
pub use squared_hinge::SquaredHinge;
pub use weighted_cross_entropy::WeightedCrossEntropy;

use crate::error::Error;
use crate::tensor::{Tensor, take, take_mut};
use element::by_element;
use probabilities::of_probabilities;

/// Compares an output of type `Y` with a target.
///
/// ```
/// use kilograd::loss::{Loss, MeanSquaredError};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut delta = Vector::ZERO;
/// let loss = MeanSquaredError.evaluate(&Vector::new([1.0, 2.0]), &Vector::new([0.0, 2.0]), &mut delta);
/// assert_eq!((loss, delta), (Ok(0.5), Vector::new([1.0, 0.0])));
/// ```
pub trait Loss<Y: Tensor> {
    /// What a sample's output should be: a label, or a vector.
    type Target;

    /// The loss of one sample; `delta` becomes its gradient with respect to the output.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] or [`Error::TargetInvalid`] for a target that cannot be met. The value of a loss is not
    /// checked: it is infinite or NaN where the output is.
    fn evaluate(&self, output: &Y, target: &Self::Target, delta: &mut Y) -> Result<f32, Error> {
        self.evaluate_row(output.as_slice(), target, delta.as_mut_slice())
    }

    /// [`evaluate`](Loss::evaluate) where the sample's output is a row of a batch: `output` and `delta` have the elements of a `Y`.
    ///
    /// # Errors
    /// Those of `evaluate`.
    fn evaluate_row(&self, output: &[f32], target: &Self::Target, delta: &mut [f32]) -> Result<f32, Error>;

    /// The sum of the losses of a batch, added in turn: each row has the elements of a `Y`, and a target. `deltas` become the gradients.
    ///
    /// # Errors
    /// Those of `evaluate`, of the first sample that has one.
    fn evaluate_rows(&self, outputs: &[f32], targets: &[Self::Target], deltas: &mut [f32]) -> Result<f32, Error> {
        let (mut outputs, mut deltas, mut loss) = (outputs, deltas, 0.0);
        for target in targets {
            let (row, delta) = (take(&mut outputs, Y::COUNT), take_mut(&mut deltas, Y::COUNT));
            loss += self.evaluate_row(row, target, delta)?;
        }
        Ok(loss)
    }

    /// How much the sample counts in a batch's mean, relative to others.
    fn weight(&self, _: &Self::Target) -> f32 {
        1.0
    }

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;
}
