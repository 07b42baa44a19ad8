//! A network's loss as a function of its parameters.

use super::{Objective, Residuals};
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use crate::train::Dataset;
use core::fmt;

/// What [`NetworkLoss`] and [`NetworkResiduals`] work in: a network to try parameters in, its gradient and what a pass through it
/// needs. All of it is zero at the start, so a `static` of it takes no flash. *Memory:* 8 bytes a parameter, the tape, two outputs
/// and an input.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::NetworkWorkspace;
///
/// type Net = network![2 => 8 => Tanh => 1];
/// // 33 parameters twice; what passes between the layers, outputs and input.
/// assert_eq!(size_of::<NetworkWorkspace<Net>>(), 2 * 4 * 33 + 4 * 8 * 4 + 2 * 4 + 8);
/// ```
pub struct NetworkWorkspace<N: Layer> {
    network: N,
    gradient: N::Gradient,
    tape: N::Tape,
    input: N::Input,
    output: N::Output,
    d_output: N::Output,
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

/// Copies all parameters of `network` into `point`, group after group.
pub fn read_parameters<const P: usize, N: Parameters>(network: &N, point: &mut Vector<P>) {
    let mut rest = point.as_mut_slice();
    network.visit(&mut |group| {
        if let Some((part, after)) = core::mem::take(&mut rest).split_at_mut_checked(group.len()) {
            part.copy_from_slice(group);
            rest = after;
        }
    });
}

/// Copies `point` into the parameters of `network`, group after group.
pub fn write_parameters<const P: usize, N: Parameters>(point: &Vector<P>, network: &mut N) {
    let mut rest = point.as_slice();
    network.visit_mut(&mut |group| {
        if let Some((part, after)) = rest.split_at_checked(group.len()) {
            group.copy_from_slice(part);
            rest = after;
        }
    });
}
