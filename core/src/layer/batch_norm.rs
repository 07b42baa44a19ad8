//! Batch normalisation.

use super::{Dense, GRADIENT_LIMIT, Layer};
use crate::error::{Error, Setting};
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Matrix, Parameters, Tensor, Vector, Zero, count, take, take_mut};
use kilograd_simd::{kernel, math};
use rand_core::Rng;

/// `y = γ·x̂ + β` with `x̂ = (x − μ) / √(σ² + ε)`, μ and σ² being each unit's mean and variance over the `B` samples of a
/// batch; what is trained is γ and β. Source: *Deep Learning*, section 8.7.1 (S. Ioffe and C. Szegedy, 2015).
///
/// PyTorch's form: σ² is biased in `x̂` and unbiased in the running statistics, which weigh the new value with `momentum`.
/// [`forward`](Layer::forward) uses the running statistics; they move when a step is taken, never by a sample that is refused
/// or evaluated. (Of several batches in one [`Accumulated`](crate::train::Accumulated) step, the last one's move them.) The
/// variance takes two passes: one would be off by 7 % at an offset of 1000.
///
/// *Memory:* 16·N + 8 bytes, 8·N of them trained; 16·N + 4 on the tape; a stored gradient takes 16·N.
///
/// A batch of one has no variance and does not compile. What trains online, one sample a step, wants layer normalisation,
/// which needs no batch, or a [`RunningNorm`](super::RunningNorm), whose statistics stay what they were. For inference
/// [`fold`](BatchNorm::fold) it into the dense layer before it (whose bias it makes superfluous in training: β replaces it).
///
/// ```
/// use kilograd::layer::{BatchNorm, Layer};
/// use kilograd::tensor::{Matrix, Zero};
///
/// let norm = BatchNorm::<2, 1>::default();
/// let (mut y, mut tape) = (Matrix::ZERO, Zero::ZERO);
/// norm.forward_training(&Matrix::new([[1000.0], [1002.0]]), &mut y, &mut tape);
/// assert!((y.get(0, 0).unwrap() + 1.0).abs() < 1e-5 && (y.get(1, 0).unwrap() - 1.0).abs() < 1e-5);
/// norm.forward(&Matrix::new([[0.0], [2.0]]), &mut y, &mut tape);
/// assert!((y.get(1, 0).unwrap() - 2.0).abs() < 1e-4); // running statistics: mean 0, variance 1
/// ```
///
/// ```compile_fail
/// use kilograd::layer::{BatchNorm, Layer};
/// use kilograd::tensor::Zero;
///
/// BatchNorm::<1, 4>::default().forward_training(&Zero::ZERO, &mut Zero::ZERO, &mut Zero::ZERO); // a batch of one
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct BatchNorm<const B: usize, const N: usize> {
    /// γ.
    pub scale: Vector<N>,
    /// β.
    pub shift: Vector<N>,
    /// The running mean of each unit.
    pub mean: Vector<N>,
    /// The running variance of each unit, unbiased.
    pub variance: Vector<N>,
    /// The settings' bits, combined with those of the defaults: all zero for those, so that a `static` takes no flash.
    settings: [u32; 2],
}

/// What [`BatchNorm`] remembers between forward and backward.
#[derive(Clone, Debug)]
pub struct BatchNormTape<const N: usize> {
    /// What the batch was normalised with.
    statistics: Statistics<N>,
    d_scale: Vector<N>,
    d_shift: Vector<N>,
    /// Whether these are the batch's own statistics, through which a gradient flows.
    are_of_batch: bool,
}

/// The gradient of a [`BatchNorm`] and the statistics of the batch that it comes from: those are no gradient and not shown
/// to rules, but move the running statistics when the step is taken.
#[derive(Clone, Debug)]
pub struct BatchNormGradient<const N: usize> {
    scale: Vector<N>,
    shift: Vector<N>,
    statistics: Statistics<N>,
}

#[derive(Clone, Debug)]
struct Statistics<const N: usize> {
    mean: Vector<N>,
    /// Biased.
    variance: Vector<N>,
}

impl<const N: usize> Zero for Statistics<N> {
    const ZERO: Self = Self { mean: Vector::ZERO, variance: Vector::ZERO };
}

impl<const N: usize> Zero for BatchNormTape<N> {
    const ZERO: Self = Self { statistics: Statistics::ZERO, d_scale: Vector::ZERO, d_shift: Vector::ZERO, are_of_batch: false };
}

impl<const N: usize> Zero for BatchNormGradient<N> {
    const ZERO: Self = Self { scale: Vector::ZERO, shift: Vector::ZERO, statistics: Statistics::ZERO };
}

impl<const N: usize> Parameters for BatchNormGradient<N> {
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
        self.statistics.mean.visit(see);
        self.statistics.variance.visit(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.statistics.mean.visit_mut(change);
        self.statistics.variance.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.scale.copy_from(&other.scale);
        self.shift.copy_from(&other.shift);
        self.statistics.copy_from(&other.statistics);
    }
}

impl<const N: usize> Statistics<N> {
    /// The statistics of a batch's columns; each is summed over the samples in natural order.
    fn measure(&mut self, batch: &[[f32; N]]) {
        let share = 1.0 / count(batch.len());
        self.mean.fill(0.0);
        batch.iter().for_each(|row| kernel::add(row, self.mean.as_mut_slice()));
        self.mean.scale(share);
        self.variance.fill(0.0);
        for row in batch {
            for ((variance, mean), x) in self.variance.as_mut_slice().iter_mut().zip(self.mean.as_slice()).zip(row) {
                *variance += (x - mean) * (x - mean);
            }
        }
        self.variance.scale(share);
    }

    fn copy_from(&mut self, other: &Self) {
        self.mean.copy_from(&other.mean);
        self.variance.copy_from(&other.variance);
    }
}

impl<const B: usize, const N: usize> BatchNorm<B, N> {
    const DEFAULTS: [f32; 2] = [0.1, 1e-5];
    const HAS_VARIANCE: () = assert!(B > 1, "a batch of one has no variance: use RunningNorm or layer normalisation");

    /// With other settings: the weight of a batch in the running statistics, 0.1 by default, and what is added to a variance,
    /// 10⁻⁵ by default.
    ///
    /// # Errors
    /// [`Error::Setting`] for a momentum outside [0, 1) or an epsilon that is not above 0.
    pub fn new(momentum: f32, epsilon: f32) -> Result<Self, Error> {
        Setting::Momentum.require_decay(momentum)?;
        Setting::Epsilon.require_positive(epsilon)?;
        let [default_momentum, default_epsilon] = Self::DEFAULTS.map(f32::to_bits);
        let mut norm =
            Self { settings: [momentum.to_bits() ^ default_momentum, epsilon.to_bits() ^ default_epsilon], ..Self::ZERO };
        norm.reset();
        Ok(norm)
    }

    /// The weight of a batch in the running statistics.
    pub fn momentum(&self) -> f32 {
        let ([momentum, _], [default, _]) = (self.settings, Self::DEFAULTS);
        f32::from_bits(momentum ^ default.to_bits())
    }

    /// What is added to a variance, ε.
    pub fn epsilon(&self) -> f32 {
        let ([_, epsilon], [_, default]) = (self.settings, Self::DEFAULTS);
        f32::from_bits(epsilon ^ default.to_bits())
    }

    /// Writes the dense layer that does what `dense` and this layer, with its running statistics, do one after another.
    pub fn fold<const IN: usize>(&self, dense: &Dense<IN, N>, folded: &mut Dense<IN, N>) {
        folded.copy_from(dense);
        self.fold_in_place(folded);
    }

    /// Makes `dense` do what it and this layer, with its running statistics, do one after another.
    pub fn fold_in_place<const IN: usize>(&self, dense: &mut Dense<IN, N>) {
        let mut factor = Vector::<N>::ZERO;
        self.inverse_deviation(&self.variance, &mut factor);
        factor.multiply(&self.scale);
        dense.bias.subtract(&self.mean);
        dense.bias.multiply(&factor);
        dense.bias.add(&self.shift);
        let mut weights = dense.weights.as_mut_slice();
        for _ in 0..IN {
            for (w, factor) in take_mut(&mut weights, N).iter_mut().zip(factor.as_slice()) {
                *w *= factor;
            }
        }
    }

    /// Writes `1 / √(variance + ε)`.
    pub(super) fn inverse_deviation(&self, variance: &Vector<N>, inverse: &mut Vector<N>) {
        let epsilon = self.epsilon();
        for (inverse, variance) in inverse.as_mut_slice().iter_mut().zip(variance.as_slice()) {
            *inverse = 1.0 / math::sqrt(variance + epsilon);
        }
    }

    /// Normalises with the tape's statistics.
    fn normalise(&self, input: &Matrix<B, N>, output: &mut Matrix<B, N>, statistics: &Statistics<N>) {
        let mut inverse = Vector::<N>::ZERO;
        self.inverse_deviation(&statistics.variance, &mut inverse);
        let (mut x, mut y) = (input.as_slice(), output.as_mut_slice());
        for _ in 0..B {
            let unit = inverse.as_slice().iter().zip(statistics.mean.as_slice());
            let unit = unit.zip(self.scale.as_slice()).zip(self.shift.as_slice());
            for ((y, x), (((inverse, mean), scale), shift)) in take_mut(&mut y, N).iter_mut().zip(take(&mut x, N)).zip(unit) {
                *y = scale * ((x - mean) * inverse) + shift;
            }
        }
    }

    /// Moves the running statistics towards a batch's.
    fn follow(&mut self, batch: &Statistics<N>) {
        let momentum = self.momentum();
        let unbiased = momentum * (count(B) / count(B.saturating_sub(1)));
        self.mean.scale(1.0 - momentum);
        self.mean.add_scaled(momentum, &batch.mean);
        self.variance.scale(1.0 - momentum);
        self.variance.add_scaled(unbiased, &batch.variance);
    }

    fn reset(&mut self) {
        self.scale.fill(1.0);
        self.shift.fill(0.0);
        self.mean.fill(0.0);
        self.variance.fill(1.0);
    }
}

/// γ = 1, β = 0, running mean 0 and variance 1, momentum 0.1 and ε = 10⁻⁵.
impl<const B: usize, const N: usize> Default for BatchNorm<B, N> {
    fn default() -> Self {
        let mut norm = Self::ZERO;
        norm.reset();
        norm
    }
}

impl<const B: usize, const N: usize> Zero for BatchNorm<B, N> {
    const ZERO: Self =
        Self { scale: Vector::ZERO, shift: Vector::ZERO, mean: Vector::ZERO, variance: Vector::ZERO, settings: [0; 2] };
}

impl<const B: usize, const N: usize> Parameters for BatchNorm<B, N> {
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
        self.variance.visit(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.mean.visit_mut(change);
        self.variance.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.scale.copy_from(&other.scale);
        self.shift.copy_from(&other.shift);
        self.mean.copy_from(&other.mean);
        self.variance.copy_from(&other.variance);
    }
}

impl<const B: usize, const N: usize> Layer for BatchNorm<B, N> {
    type Input = Matrix<B, N>;
    type Output = Matrix<B, N>;
    type Tape = BatchNormTape<N>;
    type Gradient = BatchNormGradient<N>;
    type State<R: Rule> = (R::State<Vector<N>>, R::State<Vector<N>>);

    fn forward(&self, input: &Matrix<B, N>, output: &mut Matrix<B, N>, tape: &mut BatchNormTape<N>) {
        tape.are_of_batch = false;
        tape.statistics.mean.copy_from(&self.mean);
        tape.statistics.variance.copy_from(&self.variance);
        self.normalise(input, output, &tape.statistics);
    }

    fn forward_training(&self, input: &Matrix<B, N>, output: &mut Matrix<B, N>, tape: &mut BatchNormTape<N>) {
        const { Self::HAS_VARIANCE };
        tape.are_of_batch = true;
        tape.statistics.measure(input.as_rows());
        self.normalise(input, output, &tape.statistics);
    }

    fn backward(
        &self,
        input: &Matrix<B, N>,
        _: &Matrix<B, N>,
        tape: &mut BatchNormTape<N>,
        d_output: &mut Matrix<B, N>,
        d_input: Option<&mut Matrix<B, N>>,
    ) -> Result<(), Error> {
        let BatchNormTape { statistics, d_scale, d_shift, are_of_batch } = tape;
        let mut inverse = Vector::<N>::ZERO;
        self.inverse_deviation(&statistics.variance, &mut inverse);
        let normalised = |x: &f32, j: usize| {
            let (mean, inverse) = (statistics.mean.get(j).unwrap_or_default(), inverse.get(j).unwrap_or_default());
            (x - mean) * inverse
        };
        d_scale.fill(0.0);
        d_shift.fill(0.0);
        for (x, dy) in input.as_rows().iter().zip(d_output.as_rows()) {
            kernel::add(dy, d_shift.as_mut_slice());
            for (j, ((d, x), dy)) in d_scale.as_mut_slice().iter_mut().zip(x).zip(dy).enumerate() {
                *d += dy * normalised(x, j);
            }
        }
        // A variance that overflowed would hide its inputs from the loss. NaN compares false.
        let is_within_limit = d_scale.norm_l1() <= GRADIENT_LIMIT && d_shift.norm_l1() <= GRADIENT_LIMIT;
        if !(is_within_limit && statistics.variance.is_finite()) {
            return Err(Error::GradientTooLarge);
        }
        let Some(d_input) = d_input else { return Ok(()) };
        // What mean and variance pass on: nothing, if they are not the batch's.
        let share = if *are_of_batch { 1.0 / count(B) } else { 0.0 };
        let mut dx = d_input.as_mut_slice();
        for (x, dy) in input.as_rows().iter().zip(d_output.as_rows()) {
            let sums = d_shift.as_slice().iter().zip(d_scale.as_slice());
            let unit = self.scale.as_slice().iter().zip(inverse.as_slice()).zip(sums);
            let row = take_mut(&mut dx, N).iter_mut().zip(x).zip(dy).zip(unit);
            for (j, (((dx, x), dy), ((scale, inverse), (d_shift, d_scale)))) in row.enumerate() {
                *dx = scale * inverse * (dy - share * d_shift - normalised(x, j) * (share * d_scale));
            }
        }
        Ok(())
    }

    fn accumulate(&self, _: &Matrix<B, N>, tape: &BatchNormTape<N>, _: &Matrix<B, N>, gradient: &mut BatchNormGradient<N>) {
        gradient.scale.add(&tape.d_scale);
        gradient.shift.add(&tape.d_shift);
        gradient.statistics.copy_from(&tape.statistics);
    }

    fn update<R: Elementwise>(
        &mut self,
        _: &Matrix<B, N>,
        tape: &BatchNormTape<N>,
        _: &Matrix<B, N>,
        (scale, shift): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        step.descend(&mut self.scale, &mut tape.d_scale.clone(), scale);
        step.descend(&mut self.shift, &mut tape.d_shift.clone(), shift);
        self.follow(&tape.statistics);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut BatchNormGradient<N>, (scale, shift): &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend(&mut self.scale, &mut gradient.scale, scale);
        step.descend(&mut self.shift, &mut gradient.shift, shift);
        self.follow(&gradient.statistics);
    }

    fn initialize(&mut self, _: &impl Scheme, _: Bias, _: &mut impl Rng) {
        self.reset();
    }
}
