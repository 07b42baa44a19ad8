//! A loss for batches.

use super::Loss;
use crate::error::Error;
use crate::tensor::{Matrix, Vector, count};
use kilograd_simd::kernel;

/// The mean of a loss over the samples of a batch, one a row, each with a target of its own. A class that weighs more does so
/// here as well.
///
/// ```
/// use kilograd::loss::{BatchMean, CrossEntropy, Loss};
/// use kilograd::tensor::{Matrix, Zero};
///
/// let (outputs, mut delta) = (Matrix::new([[0.0, 0.0], [0.0, 0.0]]), Matrix::ZERO);
/// let loss = BatchMean(CrossEntropy::default()).evaluate(&outputs, &[0, 1], &mut delta);
/// assert_eq!((loss, delta), (Ok(2.0_f32.ln()), Matrix::new([[-0.25, 0.25], [0.25, -0.25]])));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BatchMean<L>(
    /// The loss of one sample.
    pub L,
);

impl<L: Loss<Vector<N>>, const B: usize, const N: usize> Loss<Matrix<B, N>> for BatchMean<L> {
    type Target = [L::Target; B];

    fn evaluate_row(&self, output: &[f32], targets: &Self::Target, delta: &mut [f32]) -> Result<f32, Error> {
        let share = 1.0 / count(B);
        let loss = self.0.evaluate_rows(output, targets, delta)?;
        kernel::scale(share, delta);
        Ok(loss * share)
    }

    fn weight(&self, targets: &Self::Target) -> f32 {
        targets.iter().map(|target| self.0.weight(target)).sum::<f32>() / count(B)
    }

    fn check(&self) -> Result<(), Error> {
        self.0.check()
    }
}
