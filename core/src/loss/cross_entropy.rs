//! Softmax and cross-entropy, together.

use super::Loss;
use crate::error::{Error, Setting};
use crate::tensor::{Vector, count, take, take_mut};
use kilograd_simd::kernel;

/// Cross-entropy of the softmax of the outputs: `ln Σ eʸʲ − Σ qⱼ·yⱼ`, q being 1 for the label, or with label smoothing s
/// `1 − s + s/N` for the label and `s/N` for every other class. The gradient is `softmax(y) − q`.
///
/// Softmax belongs to the loss, so the network ends in a plain [`Dense`](crate::layer::Dense) layer; exponentials are
/// taken of differences to the largest output and overflow for no logits. Source: *Deep Learning*, sections 6.2.2.3 and
/// 7.5.1.
///
/// ```
/// use kilograd::loss::{CrossEntropy, Loss};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut delta = Vector::ZERO;
/// let loss = CrossEntropy::default().evaluate(&Vector::new([1e4, -1e4]), &1, &mut delta);
/// assert_eq!((loss, delta), (Ok(2e4), Vector::new([1.0, -1.0])));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CrossEntropy {
    /// The share of the label's probability that is spread over all classes, s, in [0, 1].
    pub label_smoothing: f32,
}

/// Rows of a batch that go through softmax together: a vector's worth of logarithms, and 128 bytes of stack.
const ROWS: usize = 16;

impl CrossEntropy {
    /// [`Loss::evaluate`] over slices; `delta` is as long as `output`.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] if there is no output number `label`.
    pub fn evaluate_slice(&self, output: &[f32], label: usize, delta: &mut [f32]) -> Result<f32, Error> {
        let logarithm = kernel::softmax(output, delta);
        self.of_softmax(output, label, delta, logarithm)
    }

    /// The same where `delta` is the softmax of `output` already, and what [`kernel::softmax`] returned is known.
    #[inline(always)] // a call of its own costs a step at level s
    fn of_softmax(&self, output: &[f32], label: usize, delta: &mut [f32], (largest, log_sum): (f32, f32)) -> Result<f32, Error> {
        let out_of_range = Error::LabelOutOfRange { label, classes: output.len() };
        let logit = output.get(label).ok_or(out_of_range)?;
        let negative_log = |logit: f32| (largest - logit) + log_sum;
        *delta.get_mut(label).ok_or(out_of_range)? -= 1.0;
        if self.label_smoothing == 0.0 {
            return Ok(negative_log(*logit));
        }
        let share = self.label_smoothing / count(output.len());
        for d in delta.iter_mut() {
            *d -= share;
        }
        if let Some(d) = delta.get_mut(label) {
            *d += self.label_smoothing;
        }
        let spread: f32 = output.iter().map(|y| negative_log(*y)).sum();
        Ok((1.0 - self.label_smoothing) * negative_log(*logit) + share * spread)
    }
}

impl<const N: usize> Loss<Vector<N>> for CrossEntropy {
    type Target = usize;

    fn evaluate_row(&self, output: &[f32], label: &usize, delta: &mut [f32]) -> Result<f32, Error> {
        self.evaluate_slice(output, *label, delta)
    }

    fn evaluate_rows(&self, outputs: &[f32], labels: &[usize], deltas: &mut [f32]) -> Result<f32, Error> {
        let (mut outputs, mut deltas, mut loss) = (outputs, deltas, 0.0);
        let (mut largest, mut log_sums) = ([0.0; ROWS], [0.0; ROWS]);
        for labels in labels.chunks(ROWS) {
            let (mut rows, mut d_rows) = (take(&mut outputs, labels.len() * N), take_mut(&mut deltas, labels.len() * N));
            let largest = largest.get_mut(..labels.len()).unwrap_or_default();
            let log_sums = log_sums.get_mut(..labels.len()).unwrap_or_default();
            kernel::softmax_rows(rows, d_rows, largest, log_sums);
            for ((label, largest), log_sum) in labels.iter().zip(largest).zip(log_sums) {
                let (row, delta) = (take(&mut rows, N), take_mut(&mut d_rows, N));
                loss += self.of_softmax(row, *label, delta, (*largest, *log_sum))?;
            }
        }
        Ok(loss)
    }

    fn check(&self) -> Result<(), Error> {
        Setting::LabelSmoothing.require(self.label_smoothing, (0.0..=1.0).contains(&self.label_smoothing))
    }
}
