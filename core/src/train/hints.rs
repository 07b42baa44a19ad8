//! Samples whose targets are what another network makes of them.

use super::Dataset;
use crate::error::Error;
use crate::layer::Layer;
use crate::tensor::Zero;

/// The samples of `data`, to be answered as `teacher` does: a hidden layer's outputs as hints for a thinner student, or the
/// last layer's to distil. *Stack:* the teacher's tape and one output.
///
/// A student is trained in two stages: first its lower layers with a regressor on top (a dense layer as wide as the hint,
/// dropped afterwards) on the hints, by mean squared error; then all of it on the task. The teacher may lie in flash
/// ([`Flash`](crate::layer::Flash)) and takes no RAM but its tape. Source: *Deep Learning*, section 8.7.4 (A. Romero et al.,
/// *FitNets: hints for thin deep nets*, 2015).
///
/// ```
/// use kilograd::layer::Dense;
/// use kilograd::prelude::*;
/// use kilograd::train::Hints;
///
/// let teacher = Dense { weights: Matrix::new([[2.0]]), bias: Vector::new([1.0]) };
/// let data = [(Vector::new([3.0]), 0), (Vector::new([4.0]), 1)];
/// let hints = Hints { data: &data, teacher: &teacher };
/// let mut input = Vector::ZERO;
/// assert_eq!(hints.load(1, &mut input), Ok(Vector::new([9.0])));
/// ```
#[derive(Debug)]
pub struct Hints<'d, D: ?Sized, T> {
    /// Where the samples come from; their targets are not used.
    pub data: &'d D,
    /// What answers them.
    pub teacher: &'d T,
}

impl<D: ?Sized, T> Clone for Hints<'_, D, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: ?Sized, T> Copy for Hints<'_, D, T> {}

impl<D: Dataset + ?Sized, T: Layer<Input = D::Input>> Dataset for Hints<'_, D, T> {
    type Input = D::Input;
    type Target = T::Output;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn load(&self, index: usize, input: &mut D::Input) -> Result<T::Output, Error> {
        self.data.load(index, input)?;
        let (mut hint, mut tape) = (T::Output::ZERO, T::Tape::ZERO);
        self.teacher.forward(input, &mut hint, &mut tape);
        Ok(hint)
    }
}
