//! Passes over a layer in slices of bounded work.

mod activated;
mod chain;
mod dense;
mod slice;
mod whole;

pub use slice::Slice;

use super::Layer;
use crate::error::Error;
use crate::optim::{Elementwise, Partwise, Step};
use crate::tensor::Parameters;

/// What an element of an activation costs in multiply-accumulates, where nothing closer is known: an exponential.
pub(crate) const ELEMENT_COST: usize = 16;

/// A layer whose passes can be taken in slices: each pass is a number of pieces, which always run in the same order, and a
/// [`Slice`] of it runs as many as its budget allows. Between two slices a pass stands at a piece's number; nothing else is
/// remembered, so that a slice that ended where the budget did costs no RAM.
///
/// Pieces follow the order of additions of the whole pass: sliced or in one go, it ends in the same bits. Costs are counted in
/// multiply-accumulates.
///
/// | layer | pieces |
/// |---|---|
/// | [`Dense`](super::Dense) | the weights of one input |
/// | [`Activated`](super::Activated) | its layer's, and each element of the activation |
/// | [`Chain`](super::Chain) | both layers' |
/// | any other | a pass is one piece |
///
/// A layer of your own needs an empty `impl Sliced`, and its passes are one piece each.
///
/// ```
/// use kilograd::layer::{Dense, Layer, Slice, Sliced};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let layer = Dense { weights: Matrix::new([[1.0, 2.0], [3.0, 4.0]]), bias: Vector::new([0.5, 0.0]) };
/// let (input, mut output) = (Vector::new([1.0, 10.0]), Vector::ZERO);
/// // The bias and one input's weights: four of the six multiply-accumulates.
/// let mut slice = Slice::new(0, 4);
/// layer.forward_slice(&input, &mut output, &mut (), &mut slice);
/// assert_eq!((slice.at(), &output), (2, &Vector::new([1.5, 2.0])));
/// layer.forward_slice(&input, &mut output, &mut (), &mut Slice::new(2, 4));
/// assert_eq!(output, Vector::new([31.5, 42.0]));
/// ```
pub trait Sliced: Layer {
    /// What the costliest whole pass costs.
    const COST: usize = Self::COUNT + ELEMENT_COST * (Self::Input::COUNT + Self::Output::COUNT);
    /// What the costliest piece costs but for what a rule does.
    const LARGEST_PIECE: usize = Self::COST;
    /// The most parameters that a piece moves; each costs a rule's [`COST`](crate::optim::Rule::COST).
    const LARGEST_PART: usize = Self::COUNT;
    /// Pieces of [`forward_training`](Layer::forward_training).
    const FORWARD: usize = 1;
    /// Pieces of [`backward`](Layer::backward).
    const BACKWARD: usize = 1;
    /// Pieces of [`accumulate`](Layer::accumulate), [`update`](Layer::update) and [`apply`](Layer::apply).
    const PARAMETERS: usize = if Self::COUNT > 0 { 1 } else { 0 };

    /// A slice of [`forward_training`](Layer::forward_training).
    fn forward_slice(&self, input: &Self::Input, output: &mut Self::Output, tape: &mut Self::Tape, slice: &mut Slice) {
        if slice.take(1, Self::COST) > 0 {
            self.forward_training(input, output, tape);
        }
    }

    /// A slice of [`backward`](Layer::backward).
    ///
    /// # Errors
    /// As [`backward`](Layer::backward).
    fn backward_slice(
        &self,
        input: &Self::Input,
        output: &Self::Output,
        tape: &mut Self::Tape,
        d_output: &mut Self::Output,
        d_input: Option<&mut Self::Input>,
        slice: &mut Slice,
    ) -> Result<(), Error> {
        match slice.take(1, Self::COST) {
            0 => Ok(()),
            _ => self.backward(input, output, tape, d_output, d_input),
        }
    }

    /// A slice of [`accumulate`](Layer::accumulate).
    fn accumulate_slice(
        &self,
        input: &Self::Input,
        tape: &Self::Tape,
        d_output: &Self::Output,
        gradient: &mut Self::Gradient,
        slice: &mut Slice,
    ) {
        if slice.take(Self::PARAMETERS, Self::COST) > 0 {
            self.accumulate(input, tape, d_output, gradient);
        }
    }

    /// A slice of [`update`](Layer::update).
    fn update_slice<R: Elementwise>(
        &mut self,
        input: &Self::Input,
        tape: &Self::Tape,
        d_output: &Self::Output,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        if slice.take(Self::PARAMETERS, Self::COST + Self::COUNT * R::COST) > 0 {
            self.update(input, tape, d_output, state, step);
        }
    }

    /// A slice of [`apply`](Layer::apply).
    fn apply_slice<R: Partwise>(
        &mut self,
        gradient: &mut Self::Gradient,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        if slice.take(Self::PARAMETERS, Self::COST + Self::COUNT * R::COST) > 0 {
            self.apply(gradient, state, step);
        }
    }
}
