//! What training makes small, one loss a file.
//!
//! A loss is the mean over a sample's outputs, and a batch's loss is the mean over its samples (by weight, where classes
//! have weights): PyTorch's `reduction="mean"`.

mod batch_mean;
mod binary_cross_entropy;
mod cross_entropy;
mod deep_supervision;
mod mean_squared_error;
mod weighted_cross_entropy;

pub use batch_mean::BatchMean;
pub use binary_cross_entropy::BinaryCrossEntropy;
pub use cross_entropy::CrossEntropy;
pub use deep_supervision::DeepSupervision;
pub use mean_squared_error::MeanSquaredError;
pub use weighted_cross_entropy::WeightedCrossEntropy;

use crate::error::Error;

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
pub trait Loss<Y> {
    /// What a sample's output should be: a label, or a vector.
    type Target;

    /// The loss of one sample; `delta` becomes its gradient with respect to the output.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] or [`Error::TargetInvalid`] for a target that cannot be met. The value of a loss is not
    /// checked: it is infinite or NaN where the output is.
    fn evaluate(&self, output: &Y, target: &Self::Target, delta: &mut Y) -> Result<f32, Error>;

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
