//! What a network's outputs miss their targets by.

use super::Residuals;
use super::network_loss::{NetworkWorkspace, assert_parameters, read_parameters, write_parameters};
use crate::error::Error;
use crate::layer::Layer;
use crate::tensor::{Parameters, Tensor, Vector};
use crate::train::Dataset;

/// The [`Residuals`] `yₖ − tₖ` of a network over samples, one for each output of each sample: for the method of Levenberg and
/// Marquardt over [`LeastSquares`](super::LeastSquares). *Memory:* 4 bytes a parameter, for a row of the Jacobian, beside
/// [`NetworkWorkspace`].
///
/// A backward pass for each output of each sample. Where an output overflows, its residual is infinite.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{DampedNewton, LeastSquares, NetworkResiduals, NetworkWorkspace, Solver, Stop, Stopping, Workspace};
///
/// // A straight line through three points.
/// type Line = network![1 => 1];
/// let samples = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)].map(|(x, y)| (Vector::new([x]), Vector::new([y])));
/// let (mut passes, mut row) = (NetworkWorkspace::<Line>::ZERO, Vector::ZERO);
/// let mut squares = LeastSquares(NetworkResiduals::new(&mut passes, &mut row, &samples, 0..3));
/// let (mut workspace, mut point) = (Workspace::<2, DampedNewton>::ZERO, Vector::ZERO);
/// let report = DampedNewton::DEFAULT.minimize(&mut squares, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// assert!((point.as_array()[0] - 2.0).abs() < 1e-3 && (point.as_array()[1] - 1.0).abs() < 1e-3);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct NetworkResiduals<'w, const P: usize, N: Layer, D: ?Sized, I> {
    workspace: &'w mut NetworkWorkspace<N>,
    row: &'w mut Vector<P>,
    data: &'w D,
    indices: I,
}

impl<'w, const P: usize, N, D, I> NetworkResiduals<'w, P, N, D, I>
where
    N: Layer,
    D: Dataset<Input = N::Input, Target = N::Output> + ?Sized,
    I: IntoIterator<Item = usize> + Clone,
{
    /// Over the samples of `data` that `indices` names: a range, an array, the same on every pass.
    pub fn new(workspace: &'w mut NetworkWorkspace<N>, row: &'w mut Vector<P>, data: &'w D, indices: I) -> Self {
        Self { workspace, row, data, indices }
    }
}

impl<const P: usize, N, D, I> Residuals<P> for NetworkResiduals<'_, P, N, D, I>
where
    N: Layer,
    D: Dataset<Input = N::Input, Target = N::Output> + ?Sized,
    I: IntoIterator<Item = usize> + Clone,
{
    fn each(&mut self, point: &Vector<P>, gradients: bool, see: &mut impl FnMut(f32, &Vector<P>)) -> Result<(), Error> {
        const { assert_parameters::<P, N>() };
        write_parameters(point, &mut self.workspace.network);
        for index in self.indices.clone() {
            let target = self.data.load(index, &mut self.workspace.input)?;
            if !self.workspace.input.is_finite() {
                return Err(Error::InputNotFinite);
            }
            if !target.is_finite() {
                return Err(Error::TargetInvalid);
            }
            let NetworkWorkspace { network, tape, input, output, .. } = &mut *self.workspace;
            network.forward_training(input, output, tape);
            for (place, target) in target.as_slice().iter().enumerate() {
                let output = self.workspace.output.as_slice().get(place).copied().unwrap_or_default();
                let traced = !gradients || self.trace(place);
                see(if traced { output - target } else { f32::INFINITY }, self.row);
            }
        }
        Ok(())
    }
}

impl<const P: usize, N: Layer, D: ?Sized, I> NetworkResiduals<'_, P, N, D, I> {
    /// Writes the gradient of one output into the row; whether it is within the limit.
    fn trace(&mut self, place: usize) -> bool {
        let NetworkWorkspace { network, gradient, tape, input, output, d_output } = &mut *self.workspace;
        d_output.fill(0.0);
        if let Some(one) = d_output.as_mut_slice().get_mut(place) {
            *one = 1.0;
        }
        let traced = network.backward(input, output, tape, d_output, None).is_ok();
        gradient.visit_mut(&mut |group| group.fill(0.0));
        if traced {
            network.accumulate(input, tape, d_output, gradient);
        }
        read_parameters(gradient, self.row);
        traced
    }
}
