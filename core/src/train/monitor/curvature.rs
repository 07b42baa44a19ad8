//! The curvature along the gradient.

use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::schedule::Schedule;
use crate::optim::{Norm, Rule};
use crate::tensor::Parameters;
use crate::train::{Accumulated, Dataset, Memory, Trainer};
use kilograd_simd::kernel;

/// How far the second gradient is taken from the first, against one more than the weights' norm: about the root of a
/// gradient's relative rounding error, where what is cut off and what is rounded off are of a size.
const REACH: f32 = 1.0 / 512.0;

/// The loss of a batch at the weights, and its first two derivatives along its gradient g.
///
/// To second order a step of size ε changes the loss by `−ε·‖g‖² + ½·ε²·gᵀHg`. Where `½·ε·gᵀHg` exceeds `‖g‖²`, the step
/// goes up: the problem is ill-conditioned for this ε, and the gradient may well be large. Source: *Deep Learning*, section
/// 8.2.1 and equation 8.10.
///
/// ```
/// use kilograd::prelude::*;
///
/// let mut memory = Memory::<network![1 => 1], Sgd, Accumulated>::ZERO;
/// let mut start = Zero::ZERO;
/// let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1)?;
/// // (3w + b − 1)²: the gradient is (−6, −2), the Hessian 2·(3, 1)ᵀ(3, 1).
/// let data = [(Vector::new([3.0]), Vector::new([1.0]))];
/// let curvature = trainer.curvature(&data[..], 0..1, &mut start)?;
/// assert_eq!((curvature.loss, curvature.squared_norm()), (1.0, 40.0));
/// assert!((curvature.quadratic_form() / 800.0 - 1.0).abs() < 1e-3);
/// assert!(curvature.predicted_change(0.09) < 0.0 && curvature.predicted_change(0.11) > 0.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Curvature {
    /// The mean loss.
    pub loss: f32,
    /// The norm of the mean gradient, ‖g‖.
    pub gradient_norm: f32,
    /// The second derivative along the gradient's direction, `gᵀHg / ‖g‖²`; 0 where the gradient is.
    pub along_gradient: f32,
}

impl Curvature {
    /// `‖g‖²`.
    pub fn squared_norm(&self) -> f32 {
        self.gradient_norm * self.gradient_norm
    }

    /// `gᵀHg`.
    pub fn quadratic_form(&self) -> f32 {
        self.along_gradient * self.squared_norm()
    }

    /// What a step of gradient descent would add to the loss, to second order: above 0, it goes up.
    pub fn predicted_change(&self, learning_rate: f32) -> f32 {
        learning_rate * self.squared_norm() * (0.5 * learning_rate * self.along_gradient - 1.0)
    }
}

impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule> Trainer<'_, N, L, R, S, Accumulated> {
    /// The norm of the mean gradient of what has been accumulated; 0 if nothing has.
    ///
    /// ```
    /// use kilograd::prelude::*;
    /// use kilograd::train::FadingMean;
    ///
    /// let mut memory = Memory::<network![1 => 1], Sgd, Accumulated>::ZERO;
    /// let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25)?;
    /// let mut norm = FadingMean::DEFAULT;
    /// for target in [3.0, 5.0] {
    ///     trainer.accumulate(&[0.0].into(), &[target].into())?;
    ///     norm.observe(trainer.gradient_norm(), 1.0)?;
    ///     trainer.apply()?;
    /// }
    /// // Of −2·3, and of −2·(5 − 1.5).
    /// assert_eq!(norm.mean(), Some(6.5));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn gradient_norm(&self) -> f32 {
        let Memory { gradient, progress, .. } = &*self.memory;
        if progress.weight > 0.0 { Norm::L2.of(gradient) / progress.weight } else { 0.0 }
    }

    /// The [`Curvature`] along the gradient over the samples of `data` that `batch` names, from their gradients at two points.
    /// `start` becomes a copy of the network, which is itself as it was. What was accumulated before is forgotten. Layers that
    /// draw at random while they train (dropout) draw anew for the second gradient: leave them out of what is measured.
    ///
    /// # Errors
    /// That of the first sample that is refused, here or a little way up the gradient, or [`Error::EmptyBatch`]. Network and
    /// optimizer state are as they were.
    pub fn curvature<D: Dataset<Input = N::Input, Target = L::Target> + ?Sized>(
        &mut self,
        data: &D,
        batch: impl IntoIterator<Item = usize> + Clone,
        start: &mut N,
    ) -> Result<Curvature, Error> {
        start.copy_from(&self.memory.network);
        self.clear();
        let curvature = self.two_gradients(data, batch, start);
        self.memory.network.copy_from(start);
        self.clear();
        curvature
    }

    /// Leaves the network at the second point.
    fn two_gradients<D: Dataset<Input = N::Input, Target = L::Target> + ?Sized>(
        &mut self,
        data: &D,
        batch: impl IntoIterator<Item = usize> + Clone,
        start: &N,
    ) -> Result<Curvature, Error> {
        batch.clone().into_iter().try_for_each(|index| self.accumulate_from(data, index).map(|_| ()))?;
        let weight = self.memory.progress.weight;
        let share = 1.0 / weight;
        if !share.is_finite() {
            return Err(Error::EmptyBatch);
        }
        let Memory { network, gradient, progress, .. } = &mut *self.memory;
        let (loss, norm) = (progress.loss * share, Norm::L2.of(gradient));
        let forward = REACH * (1.0 + Norm::L2.of(network)) / norm;
        if !forward.is_finite() {
            return Ok(Curvature { loss, gradient_norm: norm * share, along_gradient: 0.0 });
        }
        network.visit_mut_with(gradient, &mut |weights, gradient| kernel::axpy(forward, gradient, weights));
        // The second gradient is added to the first's negative: so their difference needs no memory of its own.
        gradient.visit_mut(&mut |group| kernel::scale(-1.0, group));
        batch.into_iter().try_for_each(|index| self.accumulate_from(data, index).map(|_| ()))?;
        // How far it really was: the weights' rounding is no part of the difference.
        let Memory { network, gradient, .. } = &mut *self.memory;
        network.visit_mut_with(start, &mut |there, here| kernel::axpy(-1.0, here, there));
        let (mut change, mut distance) = (0.0, 0.0);
        network.visit_with(gradient, &mut |moved, difference| {
            change += kernel::dot(moved, difference);
            distance += kernel::sum_of_squares(moved, 1.0);
        });
        let along_gradient = if distance > 0.0 { change * share / distance } else { 0.0 };
        Ok(Curvature { loss, gradient_norm: norm * share, along_gradient })
    }
}
