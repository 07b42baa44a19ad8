//! Normalisation with statistics that stay what they were.

use super::{BatchNorm, GRADIENT_LIMIT, Layer};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use kilograd_simd::kernel;
use rand_core::Rng;

/// `y = γ·(x − μ)/√(σ² + ε) + β` with the running statistics of a [`BatchNorm`] that was trained before: what that layer is for
/// single samples. γ and β train on, one sample a step; μ and σ do not, because those of one sample say nothing.
/// *Memory:* 16·N bytes, 8·N of them trained.
///
/// ```
/// use kilograd::layer::{BatchNorm, Layer, RunningNorm};
/// use kilograd::tensor::{Tensor, Vector, Zero};
///
/// let mut trained = BatchNorm::<8, 1>::default();
/// trained.mean.fill(10.0);
/// trained.variance.fill(4.0);
/// let mut norm = RunningNorm::ZERO;
/// norm.take_over(&trained);
/// let mut y = Vector::ZERO;
/// norm.forward(&Vector::new([12.0]), &mut y, &mut ());
/// assert!((y.get(0).unwrap() - 1.0).abs() < 1e-5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RunningNorm<const N: usize> {
    /// γ.
    pub scale: Vector<N>,
    /// β.
    pub shift: Vector<N>,
    /// μ.
    pub mean: Vector<N>,
    /// `1 / √(σ² + ε)`.
    pub inverse_deviation: Vector<N>,
}

impl<const N: usize> RunningNorm<N> {
    /// Becomes what `trained` is with its running statistics.
    pub fn take_over<const B: usize>(&mut self, trained: &BatchNorm<B, N>) {
        self.scale.copy_from(&trained.scale);
        self.shift.copy_from(&trained.shift);
        self.mean.copy_from(&trained.mean);
        trained.inverse_deviation(&trained.variance, &mut self.inverse_deviation);
    }

    /// Writes γ's gradient, `dy·x̂`.
    fn scale_gradient(&self, input: &Vector<N>, d_output: &Vector<N>, gradient: &mut Vector<N>) {
        gradient.copy_from(input);
        gradient.subtract(&self.mean);
        gradient.multiply(&self.inverse_deviation);
        gradient.multiply(d_output);
    }
}

/// Mean 0, deviation 1, γ = 1, β = 0.
impl<const N: usize> Default for RunningNorm<N> {
    fn default() -> Self {
        let mut norm = Self::ZERO;
        norm.scale.fill(1.0);
        norm.inverse_deviation.fill(1.0);
        norm
    }
}

impl<const N: usize> Zero for RunningNorm<N> {
    const ZERO: Self = Self { scale: Vector::ZERO, shift: Vector::ZERO, mean: Vector::ZERO, inverse_deviation: Vector::ZERO };
}

impl<const N: usize> Parameters for RunningNorm<N> {
    const COUNT: usize = 2 * N;
    const BUFFERS: usize = 2 * N;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.scale.visit(see);
        self.shift.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.scale.visit_mut(change);
        self.shift.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.mean.visit(see);
        self.inverse_deviation.visit(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.mean.visit_mut(change);
        self.inverse_deviation.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.scale.copy_from(&other.scale);
        self.shift.copy_from(&other.shift);
        self.mean.copy_from(&other.mean);
        self.inverse_deviation.copy_from(&other.inverse_deviation);
    }
}

impl<const N: usize> Layer for RunningNorm<N> {
    type Input = Vector<N>;
    type Output = Vector<N>;
    type Tape = ();
    type Gradient = (Vector<N>, Vector<N>);
    type State<R: Rule> = (R::State<Vector<N>>, R::State<Vector<N>>);

    fn forward(&self, input: &Vector<N>, output: &mut Vector<N>, (): &mut ()) {
        output.copy_from(input);
        output.subtract(&self.mean);
        output.multiply(&self.inverse_deviation);
        output.multiply(&self.scale);
        output.add(&self.shift);
    }

    fn backward(
        &self,
        input: &Vector<N>,
        _: &Vector<N>,
        (): &mut (),
        d_output: &mut Vector<N>,
        d_input: Option<&mut Vector<N>>,
    ) -> Result<(), Error> {
        let mut d_scale = Vector::ZERO;
        self.scale_gradient(input, d_output, &mut d_scale);
        let is_within_limit = d_scale.norm_l1() <= GRADIENT_LIMIT && d_output.norm_l1() <= GRADIENT_LIMIT;
        if !is_within_limit {
            return Err(Error::GradientTooLarge);
        }
        if let Some(d_input) = d_input {
            d_input.copy_from(d_output);
            d_input.multiply(&self.scale);
            d_input.multiply(&self.inverse_deviation);
        }
        Ok(())
    }

    fn accumulate(&self, input: &Vector<N>, (): &(), d_output: &Vector<N>, (scale, shift): &mut Self::Gradient) {
        let mut d_scale = Vector::ZERO;
        self.scale_gradient(input, d_output, &mut d_scale);
        scale.add(&d_scale);
        kernel::add(d_output.as_slice(), shift.as_mut_slice());
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &Vector<N>,
        (): &(),
        d_output: &Vector<N>,
        (scale, shift): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        let mut gradient = Vector::ZERO;
        self.scale_gradient(input, d_output, &mut gradient);
        step.descend(&mut self.scale, &mut gradient, scale);
        gradient.copy_from(d_output);
        step.descend(&mut self.shift, &mut gradient, shift);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, (scale, shift): &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend(&mut self.scale, &mut gradient.0, scale);
        step.descend(&mut self.shift, &mut gradient.1, shift);
    }

    /// γ = 1, β = 0; the statistics stay.
    fn initialize(&mut self, _: &impl Scheme, _: Bias, _: &mut impl Rng) {
        self.scale.fill(1.0);
        self.shift.fill(0.0);
    }
}
