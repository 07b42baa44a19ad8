//! A loss for a network with an auxiliary head.

use super::Loss;
use crate::error::{Error, Setting};
use crate::tensor::{Matrix, Tensor, Vector, Zero};
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

    fn evaluate(&self, output: &Matrix<2, N>, target: &T, delta: &mut Matrix<2, N>) -> Result<f32, Error> {
        let ([y_main, y_head], mut d) = (output.as_rows(), Vector::ZERO);
        let main = self.main.evaluate(&Vector::new(*y_main), target, &mut d)?;
        if let Some(row) = delta.row_mut(0) {
            *row = *d.as_array();
        }
        let head = self.head.evaluate(&Vector::new(*y_head), target, &mut d)?;
        kernel::scale(self.head_weight, d.as_mut_slice());
        if let Some(row) = delta.row_mut(1) {
            *row = *d.as_array();
        }
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
