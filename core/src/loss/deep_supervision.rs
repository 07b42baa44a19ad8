//! A loss for a network with an auxiliary head.

use super::Loss;
use crate::error::{Error, Setting};
use crate::tensor::{Matrix, Vector};
use kilograd_simd::kernel;

/// `main(y₀) + head_weight · head(y₁)` of the two rows that an [`AuxiliaryHead`](crate::layer::AuxiliaryHead) says, with one
/// target for both. Source: as there.
///
/// ```
/// use kilograd::loss::{DeepSupervision, Loss, MeanSquaredError};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let loss = DeepSupervision { main: MeanSquaredError, head: MeanSquaredError, head_weight: 0.5 };
/// let mut delta = Matrix::ZERO;
/// assert_eq!(loss.evaluate(&Matrix::new([[1.0], [2.0]]), &Vector::new([0.0]), &mut delta), Ok(3.0));
/// assert_eq!(delta, Matrix::new([[2.0], [2.0]]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DeepSupervision<L, H> {
    /// The loss of the network's output.
    pub main: L,
    /// The loss of the head's.
    pub head: H,
    /// How much the head's loss counts, 0 or more.
    pub head_weight: f32,
}

impl<T, L, H, const N: usize> Loss<Matrix<2, N>> for DeepSupervision<L, H>
where
    L: Loss<Vector<N>, Target = T>,
    H: Loss<Vector<N>, Target = T>,
{
    type Target = T;

    fn evaluate_row(&self, output: &[f32], target: &T, delta: &mut [f32]) -> Result<f32, Error> {
        let (y_main, y_head) = output.split_at(N.min(output.len()));
        let (d_main, d_head) = delta.split_at_mut(N.min(delta.len()));
        let main = self.main.evaluate_row(y_main, target, d_main)?;
        let head = self.head.evaluate_row(y_head, target, d_head)?;
        kernel::scale(self.head_weight, d_head);
        Ok(main + self.head_weight * head)
    }

    fn weight(&self, target: &T) -> f32 {
        self.main.weight(target)
    }

    fn check(&self) -> Result<(), Error> {
        self.main.check()?;
        self.head.check()?;
        Setting::LossWeight.require_not_negative(self.head_weight)
    }
}
