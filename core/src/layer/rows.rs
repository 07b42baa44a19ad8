//! A layer's passes over the rows of a batch, sample by sample: what any layer can do, and what a layer that knows nothing
//! better does.

use super::Layer;
use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Zero, take, take_mut};
use kilograd_simd::kernel;

/// Copies as much as both have.
pub(super) fn copy(from: &[f32], to: &mut [f32]) {
    for (from, to) in from.iter().zip(to) {
        *to = *from;
    }
}

/// The next row of `rest` as a tensor of its own.
pub(super) fn take_into<T: Tensor>(rest: &mut &[f32], tensor: &mut T) {
    copy(take(rest, T::COUNT), tensor.as_mut_slice());
}

/// Refuses what a sample must not be.
pub(super) fn require_finite(x: &[f32]) -> Result<(), Error> {
    if kernel::max_abs(x).is_finite() { Ok(()) } else { Err(Error::InputNotFinite) }
}

/// `pass` for every sample.
pub(super) fn forward<I: Tensor, O: Tensor, T>(
    inputs: &[f32],
    outputs: &mut [f32],
    tapes: &mut [T],
    mut pass: impl FnMut(&I, &mut O, &mut T),
) {
    let (mut inputs, mut outputs) = (inputs, outputs);
    let (mut input, mut output) = (I::ZERO, O::ZERO);
    for tape in tapes {
        take_into(&mut inputs, &mut input);
        pass(&input, &mut output, tape);
        copy(output.as_slice(), take_mut(&mut outputs, O::COUNT));
    }
}

/// [`Layer::backward`] for every sample.
pub(super) fn backward<L: Layer + ?Sized>(
    layer: &L,
    inputs: &[f32],
    outputs: &[f32],
    tapes: &mut [L::Tape],
    d_outputs: &mut [f32],
    mut d_inputs: Option<&mut [f32]>,
) -> Result<(), Error> {
    let (mut inputs, mut outputs, mut d_outputs) = (inputs, outputs, d_outputs);
    let (mut input, mut output) = (L::Input::ZERO, L::Output::ZERO);
    let (mut d_input, mut d_output) = (L::Input::ZERO, L::Output::ZERO);
    for tape in tapes {
        take_into(&mut inputs, &mut input);
        take_into(&mut outputs, &mut output);
        let row = take_mut(&mut d_outputs, L::Output::COUNT);
        copy(row, d_output.as_mut_slice());
        let wanted = d_inputs.is_some().then_some(&mut d_input);
        layer.backward(&input, &output, tape, &mut d_output, wanted)?;
        copy(d_output.as_slice(), row);
        if let Some(rest) = &mut d_inputs {
            copy(d_input.as_slice(), take_mut(rest, L::Input::COUNT));
        }
    }
    Ok(())
}

/// [`Layer::accumulate`] for every sample.
pub(super) fn accumulate<L: Layer + ?Sized>(
    layer: &L,
    inputs: &[f32],
    tapes: &[L::Tape],
    d_outputs: &[f32],
    gradient: &mut L::Gradient,
) {
    let (mut inputs, mut d_outputs) = (inputs, d_outputs);
    let (mut input, mut d_output) = (L::Input::ZERO, L::Output::ZERO);
    for tape in tapes {
        take_into(&mut inputs, &mut input);
        take_into(&mut d_outputs, &mut d_output);
        layer.accumulate(&input, tape, &d_output, gradient);
    }
}
