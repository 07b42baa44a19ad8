//! A layer for samples as a layer for batches.

use super::Layer;
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Row, Tensor, Zero};
use rand_core::Rng;

/// `L` for each of the `B` rows of a matrix: to a trainer, a batch is then one sample. Parameters, gradient and optimizer
/// state are those of `L`. *Tape:* B times that of `L`; what flows between the layers is B times as wide.
///
/// A step costs less than B samples by themselves ([`Dense`](super::Dense) calls the kernels for products of matrices, to the
/// same bits), and layers that look at the whole batch ([`BatchNorm`](super::BatchNorm)) can stand beside it. The loss is a
/// [`BatchMean`](crate::loss::BatchMean). [`batch_network!`](crate::batch_network) spells a whole network,
/// [`PerSample`](super::PerSample) turns it into one for single samples.
///
/// ```
/// use kilograd::layer::{Batched, Dense, Layer};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let dense = Dense { weights: Matrix::new([[1.0], [2.0]]), bias: Vector::new([0.5]) };
/// let layer = Batched::<Dense<2, 1>, 3>::new(dense);
/// let mut y = Matrix::ZERO;
/// layer.forward(&Matrix::new([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), &mut y, &mut [(); 3]);
/// assert_eq!(y, Matrix::new([[0.5], [1.5], [2.5]]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Batched<L, const B: usize> {
    /// The layer that sees every row.
    pub layer: L,
}

impl<L, const B: usize> Batched<L, B> {
    /// `layer` for batches.
    pub const fn new(layer: L) -> Self {
        Self { layer }
    }
}

impl<L: Zero, const B: usize> Zero for Batched<L, B> {
    const ZERO: Self = Self { layer: L::ZERO };
}

impl<L: Parameters, const B: usize> Parameters for Batched<L, B> {
    const COUNT: usize = L::COUNT;
    const BUFFERS: usize = L::BUFFERS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.layer.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.layer.visit_buffers(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.layer.visit_buffers_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.layer.copy_from(&other.layer);
    }
}

impl<L: Layer, const B: usize> Layer for Batched<L, B>
where
    L::Input: Row,
    L::Output: Row,
{
    type Input = <L::Input as Row>::Rows<B>;
    type Output = <L::Output as Row>::Rows<B>;
    type Tape = [L::Tape; B];
    type Gradient = L::Gradient;
    type State<R: Rule> = L::State<R>;

    fn forward(&self, input: &Self::Input, output: &mut Self::Output, tape: &mut Self::Tape) {
        self.layer.forward_rows(input.as_slice(), output.as_mut_slice(), tape);
    }

    fn forward_training(&self, input: &Self::Input, output: &mut Self::Output, tape: &mut Self::Tape) {
        self.layer.forward_training_rows(input.as_slice(), output.as_mut_slice(), tape);
    }

    fn backward(
        &self,
        input: &Self::Input,
        output: &Self::Output,
        tape: &mut Self::Tape,
        d_output: &mut Self::Output,
        d_input: Option<&mut Self::Input>,
    ) -> Result<(), Error> {
        let d_input = d_input.map(Tensor::as_mut_slice);
        self.layer.backward_rows(input.as_slice(), output.as_slice(), tape, d_output.as_mut_slice(), d_input)
    }

    fn accumulate(&self, input: &Self::Input, tape: &Self::Tape, d_output: &Self::Output, gradient: &mut Self::Gradient) {
        self.layer.accumulate_rows(input.as_slice(), tape, d_output.as_slice(), gradient);
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &Self::Input,
        tape: &Self::Tape,
        d_output: &Self::Output,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        self.layer.update_rows(input.as_slice(), tape, d_output.as_slice(), state, step);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, state: &mut Self::State<R>, step: &Step<'_, R>) {
        self.layer.apply(gradient, state, step);
    }

    const COUNTERS: usize = B * L::COUNTERS;

    fn visit_counters(&self, tape: &Self::Tape, see: &mut impl FnMut(u32)) {
        tape.iter().for_each(|tape| self.layer.visit_counters(tape, see));
    }

    fn visit_counters_mut(&mut self, tape: &mut Self::Tape, change: &mut impl FnMut(&mut u32)) {
        tape.iter_mut().for_each(|tape| self.layer.visit_counters_mut(tape, change));
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        self.layer.initialize(weights, bias, rng);
    }
}
