//! A recurrent layer.

use super::{GRADIENT_LIMIT, Layer};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Matrix, Parameters, Tensor, Vector, Zero};
use kilograd_simd::{kernel, math::tanh};
use rand_core::Rng;

/// A recurrent layer: `hₜ = tanh(b + Wᵀ·xₜ + Uᵀ·hₜ₋₁)` over the rows `x₁ … x_LENGTH` of the input, from `h₀ = 0`; the output is the
/// last h. Source: *Deep Learning*, equations 10.8 and 10.9; its long-term dependencies are those of section 8.2.5.
///
/// Gradients go back through the last `BACK` of the `LENGTH` steps: all for back-propagation through time, fewer for its
/// truncated form, where older steps count as given. *Tape:* 8·HIDDEN·BACK bytes, whatever the `LENGTH`. A fused step
/// needs no more: the weights' gradients, sums over time, are formed a block at a time
/// ([`Step::descend_product`]).
///
/// ```
/// use kilograd::layer::{Layer, Recurrent};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// // One input, one unit that remembers; three steps.
/// let mut layer = Recurrent::<1, 1, 3, 3>::ZERO;
/// (layer.input, layer.recurrent) = (Matrix::new([[1.0]]), Matrix::new([[1.0]]));
/// let (mut y, mut tape) = (Vector::ZERO, Zero::ZERO);
/// layer.forward(&Matrix::new([[0.5], [0.0], [0.0]]), &mut y, &mut tape);
/// let tanh = kilograd_simd::math::tanh;
/// assert_eq!(y, Vector::new([tanh(tanh(tanh(0.5)))]));
/// ```
///
/// Going back further than there are steps does not compile:
///
/// ```compile_fail
/// # use kilograd::layer::{Layer, Recurrent};
/// # use kilograd::tensor::Zero;
/// Recurrent::<1, 1, 3, 4>::ZERO.forward(&Zero::ZERO, &mut Zero::ZERO, &mut Zero::ZERO);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recurrent<const IN: usize, const HIDDEN: usize, const LENGTH: usize, const BACK: usize> {
    /// The weights W that leave the inputs, input-major.
    pub input: Matrix<IN, HIDDEN>,
    /// The weights U that leave the units of the step before, input-major.
    pub recurrent: Matrix<HIDDEN, HIDDEN>,
    /// What each unit starts from.
    pub bias: Vector<HIDDEN>,
}

/// What [`Recurrent`] remembers between forward and backward.
pub struct RecurrentTape<const HIDDEN: usize, const BACK: usize> {
    /// What each of the last steps started from.
    states: [[f32; HIDDEN]; BACK],
    /// The gradient with respect to what each of them took the tanh of.
    deltas: [[f32; HIDDEN]; BACK],
}

impl<const HIDDEN: usize, const BACK: usize> Zero for RecurrentTape<HIDDEN, BACK> {
    const ZERO: Self = Self { states: [[0.0; HIDDEN]; BACK], deltas: [[0.0; HIDDEN]; BACK] };
}

impl<const IN: usize, const HIDDEN: usize, const LENGTH: usize, const BACK: usize> Recurrent<IN, HIDDEN, LENGTH, BACK> {
    /// How many steps no gradient reaches.
    const GIVEN: usize = {
        assert!(BACK >= 1 && BACK <= LENGTH, "gradients go back through at least one step, and at most LENGTH");
        LENGTH - BACK
    };

    /// The inputs of the steps that gradients reach.
    fn recent(input: &Matrix<LENGTH, IN>) -> &[[f32; IN]] {
        input.as_rows().get(Self::GIVEN..).unwrap_or_default()
    }
}

impl<const IN: usize, const HIDDEN: usize, const LENGTH: usize, const BACK: usize> Zero for Recurrent<IN, HIDDEN, LENGTH, BACK> {
    const ZERO: Self = Self { input: Matrix::ZERO, recurrent: Matrix::ZERO, bias: Vector::ZERO };
}

impl<const IN: usize, const HIDDEN: usize, const LENGTH: usize, const BACK: usize> Parameters
    for Recurrent<IN, HIDDEN, LENGTH, BACK>
{
    const COUNT: usize = (IN + HIDDEN + 1) * HIDDEN;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.input.visit(see);
        self.recurrent.visit(see);
        self.bias.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.input.visit_mut(change);
        self.recurrent.visit_mut(change);
        self.bias.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.input.copy_from(&other.input);
        self.recurrent.copy_from(&other.recurrent);
        self.bias.copy_from(&other.bias);
    }
}

impl<const IN: usize, const HIDDEN: usize, const LENGTH: usize, const BACK: usize> Layer for Recurrent<IN, HIDDEN, LENGTH, BACK> {
    type Input = Matrix<LENGTH, IN>;
    type Output = Vector<HIDDEN>;
    type Tape = RecurrentTape<HIDDEN, BACK>;
    type Gradient = Self;
    type State<R: Rule> = (R::State<Matrix<IN, HIDDEN>>, (R::State<Matrix<HIDDEN, HIDDEN>>, R::State<Vector<HIDDEN>>));

    fn forward(&self, input: &Matrix<LENGTH, IN>, output: &mut Vector<HIDDEN>, tape: &mut Self::Tape) {
        let RecurrentTape { states, deltas } = tape;
        let Some(scratch) = deltas.first_mut() else { return };
        states.as_flattened_mut().fill(0.0);
        for (t, x) in input.as_rows().iter().enumerate() {
            // Steps that no gradient reaches share the first place.
            let place = |t: usize| t.saturating_sub(Self::GIVEN);
            let Some(state) = states.get(place(t)) else { return };
            kernel::matvec(self.input.as_slice(), x, self.bias.as_slice(), scratch);
            kernel::matvec(self.recurrent.as_slice(), state, scratch, output.as_mut_slice());
            output.map(tanh);
            if let Some(next) = states.get_mut(place(t + 1)) {
                *next = *output.as_array();
            }
        }
    }

    fn backward(
        &self,
        input: &Matrix<LENGTH, IN>,
        output: &Vector<HIDDEN>,
        tape: &mut Self::Tape,
        d_output: &mut Vector<HIDDEN>,
        mut d_input: Option<&mut Matrix<LENGTH, IN>>,
    ) -> Result<(), Error> {
        let RecurrentTape { states, deltas } = tape;
        if let Some(d_input) = d_input.as_deref_mut() {
            d_input.fill(0.0);
        }
        // The sums of magnitudes bound all three gradients, each a sum over time.
        let (mut of_deltas, mut of_inputs) = (0.0, 0.0);
        let mut after = output.as_array();
        let mut later: Option<&[f32; HIDDEN]> = None;
        let steps = deltas.iter_mut().zip(&*states).zip(Self::recent(input)).enumerate();
        for (step, ((delta, before), x)) in steps.rev() {
            match later {
                Some(later) => kernel::matvec_transposed(self.recurrent.as_slice(), later, delta),
                None => *delta = *d_output.as_array(),
            }
            for (d, h) in delta.iter_mut().zip(after) {
                *d *= 1.0 - h * h;
            }
            if let Some(d_x) = d_input.as_deref_mut().and_then(|d_input| d_input.row_mut(Self::GIVEN + step)) {
                kernel::matvec_transposed(self.input.as_slice(), delta, d_x);
            }
            let size = kernel::sum_of_magnitudes(delta);
            of_deltas += size;
            of_inputs += size * (kernel::sum_of_magnitudes(x) + kernel::sum_of_magnitudes(before));
            (after, later) = (before, Some(&*delta));
        }
        // NaN compares false.
        let within_limit = of_deltas <= GRADIENT_LIMIT && of_inputs <= GRADIENT_LIMIT;
        if !within_limit {
            return Err(Error::GradientTooLarge);
        }
        // Where gradients do not reach, the tanh would hide an infinity.
        if input.is_finite() { Ok(()) } else { Err(Error::InputNotFinite) }
    }

    fn accumulate(&self, input: &Matrix<LENGTH, IN>, tape: &Self::Tape, _: &Vector<HIDDEN>, gradient: &mut Self) {
        let RecurrentTape { states, deltas } = tape;
        let (x, d) = (Self::recent(input).as_flattened(), deltas.as_flattened());
        kernel::transposed_product(BACK, x, d, gradient.input.as_mut_slice());
        kernel::transposed_product(BACK, states.as_flattened(), d, gradient.recurrent.as_mut_slice());
        kernel::transposed_product(BACK, &[1.0; BACK], d, gradient.bias.as_mut_slice());
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &Matrix<LENGTH, IN>,
        tape: &Self::Tape,
        _: &Vector<HIDDEN>,
        (of_input, (of_recurrent, of_bias)): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        let RecurrentTape { states, deltas } = tape;
        let deltas = deltas.as_flattened();
        step.descend_product(BACK, Self::recent(input).as_flattened(), deltas, &mut self.input, of_input);
        step.descend_product(BACK, states.as_flattened(), deltas, &mut self.recurrent, of_recurrent);
        step.descend_product(BACK, &[1.0; BACK], deltas, &mut self.bias, of_bias);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self, state: &mut Self::State<R>, step: &Step<'_, R>) {
        let (of_input, (of_recurrent, of_bias)) = state;
        step.descend(&mut self.input, &mut gradient.input, of_input);
        step.descend(&mut self.recurrent, &mut gradient.recurrent, of_recurrent);
        step.descend(&mut self.bias, &mut gradient.bias, of_bias);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        weights.fill(self.input.as_mut_slice(), IN, HIDDEN, rng);
        weights.fill(self.recurrent.as_mut_slice(), HIDDEN, HIDDEN, rng);
        bias.fill(self.bias.as_mut_slice());
    }
}
