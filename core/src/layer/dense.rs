//! A fully connected layer.

use super::{GRADIENT_LIMIT, Layer};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Matrix, Parameters, Tensor, Vector, Zero, take};
use kilograd_simd::kernel;
use rand_core::Rng;

/// `y = Wᵀx + b`. *Memory:* 4·(IN + 1)·OUT bytes of parameters, nothing on the tape.
///
/// The weights are **input-major**: row i holds the weights that leave input i. PyTorch stores `[out][in]`;
/// [`Matrix::transpose`] converts. Each output is summed over the inputs in natural order, from the bias.
///
/// ```
/// use kilograd::layer::{Dense, Layer};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let layer = Dense { weights: Matrix::new([[1.0, 2.0], [3.0, 4.0]]), bias: Vector::new([0.5, 0.0]) };
/// let mut y = Vector::ZERO;
/// layer.forward(&Vector::new([1.0, 10.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([31.5, 42.0]));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dense<const IN: usize, const OUT: usize> {
    /// Weights, input-major.
    pub weights: Matrix<IN, OUT>,
    /// What each output starts from.
    pub bias: Vector<OUT>,
}

impl<const IN: usize, const OUT: usize> Zero for Dense<IN, OUT> {
    const ZERO: Self = Self { weights: Matrix::ZERO, bias: Vector::ZERO };
}

impl<const IN: usize, const OUT: usize> Parameters for Dense<IN, OUT> {
    const COUNT: usize = IN * OUT + OUT;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        see(self.weights.as_slice());
        see(self.bias.as_slice());
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        change(self.weights.as_mut_slice());
        change(self.bias.as_mut_slice());
    }

    fn copy_from(&mut self, other: &Self) {
        self.weights.copy_from(&other.weights);
        self.bias.copy_from(&other.bias);
    }
}

impl<const IN: usize, const OUT: usize> Layer for Dense<IN, OUT> {
    type Input = Vector<IN>;
    type Output = Vector<OUT>;
    type Tape = ();
    type Gradient = Self;
    type State<R: Rule> = (R::State<Matrix<IN, OUT>>, R::State<Vector<OUT>>);

    fn forward(&self, input: &Vector<IN>, output: &mut Vector<OUT>, (): &mut ()) {
        let (weights, bias) = (self.weights.as_slice(), self.bias.as_slice());
        kernel::matvec(weights, input.as_slice(), bias, output.as_mut_slice());
    }

    fn backward(
        &self,
        input: &Vector<IN>,
        _: &Vector<OUT>,
        (): &mut (),
        d_output: &mut Vector<OUT>,
        d_input: Option<&mut Vector<IN>>,
    ) -> Result<(), Error> {
        require_within_limit(input.as_slice(), d_output.as_slice())?;
        if let Some(d_input) = d_input {
            kernel::matvec_transposed(self.weights.as_slice(), d_output.as_slice(), d_input.as_mut_slice());
        }
        Ok(())
    }

    fn accumulate(&self, input: &Vector<IN>, (): &(), d_output: &Vector<OUT>, gradient: &mut Self) {
        kernel::rank_one(1.0, input.as_slice(), d_output.as_slice(), gradient.weights.as_mut_slice());
        kernel::add(d_output.as_slice(), gradient.bias.as_mut_slice());
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &Vector<IN>,
        (): &(),
        d_output: &Vector<OUT>,
        (weights, bias): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        step.descend_outer(input.as_slice(), d_output.as_slice(), &mut self.weights, weights);
        // A bias is the weight of an input that is always one.
        step.descend_outer(&[1.0], d_output.as_slice(), &mut self.bias, bias);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self, (weights, bias): &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend(&mut self.weights, &mut gradient.weights, weights);
        step.descend(&mut self.bias, &mut gradient.bias, bias);
    }

    fn forward_watched(&self, input: &Vector<IN>, output: &mut Vector<OUT>, (): &mut (), see: &mut impl FnMut(&[f32])) {
        self.forward(input, output, &mut ());
        see(output.as_slice());
    }

    fn visit_weights(&mut self, change: &mut impl FnMut(&mut [f32])) {
        change(self.weights.as_mut_slice());
    }

    fn forward_rows(&self, inputs: &[f32], outputs: &mut [f32], _: &mut [()]) {
        kernel::product(inputs, self.weights.as_slice(), self.bias.as_slice(), outputs);
    }

    fn forward_training_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [()]) {
        self.forward_rows(inputs, outputs, tapes);
    }

    fn backward_rows(
        &self,
        inputs: &[f32],
        _: &[f32],
        tapes: &mut [()],
        d_outputs: &mut [f32],
        d_inputs: Option<&mut [f32]>,
    ) -> Result<(), Error> {
        let (mut inputs, mut deltas): (&[f32], &[f32]) = (inputs, d_outputs);
        for () in tapes.iter() {
            require_within_limit(take(&mut inputs, IN), take(&mut deltas, OUT))?;
        }
        if let Some(d_inputs) = d_inputs {
            kernel::product_transposed(tapes.len(), d_outputs, self.weights.as_slice(), d_inputs);
        }
        Ok(())
    }

    fn accumulate_rows(&self, inputs: &[f32], tapes: &[()], d_outputs: &[f32], gradient: &mut Self) {
        kernel::transposed_product(tapes.len(), inputs, d_outputs, gradient.weights.as_mut_slice());
        kernel::add_each(d_outputs, gradient.bias.as_mut_slice());
    }

    fn update_rows<R: Elementwise>(
        &mut self,
        inputs: &[f32],
        tapes: &[()],
        d_outputs: &[f32],
        (weights, bias): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        step.descend_product(tapes.len(), inputs, d_outputs, &mut self.weights, weights);
        let mut gradient = Vector::ZERO;
        kernel::add_each(d_outputs, gradient.as_mut_slice());
        step.descend(&mut self.bias, &mut gradient, bias);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        weights.fill(self.weights.as_mut_slice(), IN, OUT, rng);
        bias.fill(self.bias.as_mut_slice());
    }
}

/// Refuses a sample whose gradient is beyond the limit.
pub(super) fn require_within_limit(input: &[f32], deltas: &[f32]) -> Result<(), Error> {
    // The elements of the bias's gradient add up to the first in magnitude, those of the weights', an outer product, to the
    // second: what bounds the sum bounds each, for less than finding the largest. NaN compares false.
    let deltas = kernel::sum_of_magnitudes(deltas);
    let within_limit = deltas <= GRADIENT_LIMIT && kernel::sum_of_magnitudes(input) * deltas <= GRADIENT_LIMIT;
    if within_limit { Ok(()) } else { Err(Error::GradientTooLarge) }
}
