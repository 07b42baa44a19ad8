//! Cross-entropy where some classes count more than others.

use super::{CrossEntropy, Loss};
use crate::error::{Error, Setting};
use crate::tensor::{Tensor, Vector, count};
use kilograd_simd::kernel;

/// [`CrossEntropy`] with a weight for each class: `−Σ wⱼ·qⱼ·ln pⱼ`, and a batch's mean counts every sample by the weight of
/// its label (PyTorch's `weight`, with label smoothing too). Use it where some classes are rare. *Memory:* 4·N bytes.
///
/// ```
/// use kilograd::loss::{CrossEntropy, Loss, WeightedCrossEntropy};
/// use kilograd::tensor::{Vector, Zero};
///
/// let loss = WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights: Vector::new([1.0, 3.0]) };
/// let mut delta = Vector::ZERO;
/// assert!(loss.evaluate(&Vector::new([0.0, 0.0]), &1, &mut delta).is_ok());
/// assert_eq!((delta, loss.weight(&1)), (Vector::new([1.5, -1.5]), 3.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WeightedCrossEntropy<const N: usize> {
    /// What is weighted.
    pub inner: CrossEntropy,
    /// The weight of each class, 0 or more, and not 0 for all.
    pub class_weights: Vector<N>,
}

impl<const N: usize> WeightedCrossEntropy<N> {
    /// [`Loss::evaluate`] over slices; `delta` is as long as `output`, and neither longer than the weights.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] if there is no output number `label`.
    pub fn evaluate_slice(&self, output: &[f32], label: usize, delta: &mut [f32]) -> Result<f32, Error> {
        let weights = self.class_weights.as_slice();
        let logit = *output.get(label).ok_or(Error::LabelOutOfRange { label, classes: output.len() })?;
        let (largest, log_sum) = kernel::softmax(output, delta);
        let negative_log = |logit: f32| (largest - logit) + log_sum;

        // q is the sum of the label's share, smoothed, and of an equal share for every class.
        let smoothing = self.inner.label_smoothing;
        let of_label = (1.0 - smoothing) * self.weight(&label);
        let of_each = smoothing / count(output.len());

        let (mut loss, mut total) = (of_label * negative_log(logit), of_label);
        for (y, weight) in output.iter().zip(weights) {
            loss += of_each * weight * negative_log(*y);
            total += of_each * weight;
        }
        for (class, (d, weight)) in delta.iter_mut().zip(weights).enumerate() {
            let target = of_each * weight + if class == label { of_label } else { 0.0 };
            *d = *d * total - target;
        }
        Ok(loss)
    }
}

impl<const N: usize> Loss<Vector<N>> for WeightedCrossEntropy<N> {
    type Target = usize;

    fn evaluate_row(&self, output: &[f32], label: &usize, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, *label, delta)
    }

    fn weight(&self, label: &usize) -> f32 {
        self.class_weights.get(*label).unwrap_or_default()
    }

    fn check(&self) -> Result<(), Error> {
        Loss::<Vector<N>>::check(&self.inner)?;
        self.class_weights.as_slice().iter().try_for_each(|w| Setting::ClassWeight.require_not_negative(*w))?;
        Setting::ClassWeight.require(0.0, self.class_weights.norm_max() > 0.0)
    }
}
