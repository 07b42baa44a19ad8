//! A network's loss as a function of its parameters.

use super::Objective;
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use crate::train::Dataset;
use core::fmt;

/// What [`NetworkLoss`] and [`NetworkResiduals`](super::NetworkResiduals) work in: a network to try parameters in, its gradient and
/// what a pass through it needs. All of it is zero at the start, so a `static` of it takes no flash. *Memory:* 8 bytes a
/// parameter, the tape, two outputs and an input.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::NetworkWorkspace;
///
/// type Net = network![2 => 8 => Tanh => 1];
/// // 33 parameters twice; what passes between the layers, outputs and input.
/// assert_eq!(size_of::<NetworkWorkspace<Net>>(), 2 * 4 * 33 + 2 * 8 * 4 + 2 * 4 + 8);
/// ```
pub struct NetworkWorkspace<N: Layer> {
    pub(super) network: N,
    pub(super) gradient: N::Gradient,
    pub(super) tape: N::Tape,
    pub(super) input: N::Input,
    pub(super) output: N::Output,
    pub(super) d_output: N::Output,
}

impl<N: Layer> Zero for NetworkWorkspace<N> {
    const ZERO: Self = Self {
        network: N::ZERO,
        gradient: N::Gradient::ZERO,
        tape: N::Tape::ZERO,
        input: N::Input::ZERO,
        output: N::Output::ZERO,
        d_output: N::Output::ZERO,
    };
}

/// Its size; the numbers would fill pages.
impl<N: Layer> fmt::Debug for NetworkWorkspace<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkWorkspace").field("ram_bytes", &size_of::<Self>()).finish_non_exhaustive()
    }
}

/// The mean loss of a network over samples, as an [`Objective`] of the network's P parameters.
///
/// A point where the loss or its gradient overflows counts as infinitely high, so that line searches step back from it; a sample
/// that cannot be read, or is not finite itself, is an error. Samples are passed through as in training
/// ([`Layer::forward_training`]); a layer that draws random numbers there makes an objective that no line search can follow.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Bfgs, NetworkLoss, NetworkWorkspace, Solver, Stopping, Workspace, read_parameters, write_parameters};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// type Net = network![2 => 8 => Tanh => 1];
/// const XOR: [([f32; 2], f32); 4] = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)];
/// let samples = XOR.map(|(x, y)| (Vector::new(x), Vector::new([y])));
///
/// let mut network = Net::ZERO;
/// network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// let mut point = Vector::<{ Net::COUNT }>::ZERO;
/// read_parameters(&network, &mut point);
///
/// let mut passes = NetworkWorkspace::<Net>::ZERO;
/// let mut objective = NetworkLoss::new(&mut passes, MeanSquaredError, &samples, 0..4)?;
/// let mut workspace = Workspace::<{ Net::COUNT }, Bfgs>::ZERO;
/// let report = Bfgs::DEFAULT.minimize(&mut objective, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert!(report.value < 1e-4 && report.iterations < 60);
/// write_parameters(&point, &mut network);
/// # Ok::<(), Error>(())
/// ```
///
/// Another number of parameters does not compile:
///
/// ```compile_fail
/// # use kilograd::prelude::*;
/// # use kilograd::solver::{NetworkLoss, NetworkWorkspace, Objective};
/// # type Net = network![2 => 8 => Tanh => 1];
/// let samples = [(Vector::new([0.0, 0.0]), Vector::new([0.0]))];
/// let mut passes = NetworkWorkspace::<Net>::ZERO;
/// let mut objective = NetworkLoss::new(&mut passes, MeanSquaredError, &samples, 0..1).unwrap();
/// objective.value(&Vector::<32>::ZERO); // the network has 33
/// ```
#[derive(Debug)]
pub struct NetworkLoss<'w, N: Layer, L, D: ?Sized, I> {
    workspace: &'w mut NetworkWorkspace<N>,
    loss: L,
    data: &'w D,
    indices: I,
}

impl<'w, N, L, D, I> NetworkLoss<'w, N, L, D, I>
where
    N: Layer,
    L: Loss<N::Output>,
    D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    I: IntoIterator<Item = usize> + Clone,
{
    /// Over the samples of `data` that `indices` names: a range, an array, the same on every pass.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting of the loss outside its range.
    pub fn new(workspace: &'w mut NetworkWorkspace<N>, loss: L, data: &'w D, indices: I) -> Result<Self, Error> {
        loss.check()?;
        Ok(Self { workspace, loss, data, indices })
    }

    /// Goes on with other samples, such as the next mini-batch; a solver must then [`restart`](super::Workspace::restart).
    pub fn set_indices(&mut self, indices: I) {
        self.indices = indices;
    }

    /// The mean loss; what is summed for its gradient stays in the workspace, to be multiplied by the second number.
    fn pass(&mut self, gradients: bool) -> Result<(f32, f32), Error> {
        let NetworkWorkspace { network, gradient, tape, input, output, d_output } = &mut *self.workspace;
        gradient.visit_mut(&mut |group| group.fill(0.0));
        let (mut sum, mut weight) = (0.0, 0.0);
        for index in self.indices.clone() {
            let target = self.data.load(index, input)?;
            if !input.is_finite() {
                return Err(Error::InputNotFinite);
            }
            network.forward_training(input, output, tape);
            let loss = self.loss.evaluate(output, &target, d_output)?;
            let finite = loss.is_finite() && output.is_finite();
            if !finite || (gradients && network.backward(input, output, tape, d_output, None).is_err()) {
                return Ok((f32::INFINITY, 0.0));
            }
            if gradients {
                network.accumulate(input, tape, d_output, gradient);
            }
            sum += loss;
            weight += self.loss.weight(&target);
        }
        let share = 1.0 / weight;
        if share.is_finite() { Ok((sum * share, share)) } else { Err(Error::EmptyBatch) }
    }
}

impl<const P: usize, N, L, D, I> Objective<P> for NetworkLoss<'_, N, L, D, I>
where
    N: Layer,
    L: Loss<N::Output>,
    D: Dataset<Input = N::Input, Target = L::Target> + ?Sized,
    I: IntoIterator<Item = usize> + Clone,
{
    fn value(&mut self, point: &Vector<P>) -> Result<f32, Error> {
        const { assert_parameters::<P, N>() };
        write_parameters(point, &mut self.workspace.network);
        self.pass(false).map(|(loss, _)| loss)
    }

    fn gradient(&mut self, point: &Vector<P>, gradient: &mut Vector<P>) -> Result<f32, Error> {
        const { assert_parameters::<P, N>() };
        write_parameters(point, &mut self.workspace.network);
        let (loss, share) = self.pass(true)?;
        read_parameters(&self.workspace.gradient, gradient);
        gradient.scale(share);
        Ok(loss)
    }
}

/// Refuses to compile where a point does not have a number for every parameter.
pub(super) const fn assert_parameters<const P: usize, N: Layer>() {
    assert!(P == N::COUNT, "the point has not as many numbers as the network has parameters: say Vector<{{ Net::COUNT }}>");
    assert!(N::Gradient::COUNT == N::COUNT, "a solver moves every parameter: the network must not have frozen layers");
}

/// Copies all parameters of `network` into `point`, group after group.
pub fn read_parameters<const P: usize, N: Parameters>(network: &N, point: &mut Vector<P>) {
    let mut rest = point.as_mut_slice();
    network.visit(&mut |group| {
        if let Some((part, after)) = core::mem::take(&mut rest).split_at_mut_checked(group.len()) {
            // Not `copy_from_slice`: a panic for unequal lengths would stay linked at level z.
            part.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
            rest = after;
        }
    });
}

/// Copies `point` into the parameters of `network`, group after group.
pub fn write_parameters<const P: usize, N: Parameters>(point: &Vector<P>, network: &mut N) {
    let mut rest = point.as_slice();
    network.visit_mut(&mut |group| {
        if let Some((part, after)) = rest.split_at_checked(group.len()) {
            group.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
            rest = after;
        }
    });
}
