//! A dense layer that follows the natural gradient.

use super::{Dense, GRADIENT_LIMIT, Layer, PerSample};
use crate::error::{Error, Setting};
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Norm, Rule, Step};
use crate::tensor::{Matrix, Parameters, Tensor, Vector, Zero, count, take_mut};
use kilograd_simd::{kernel, math};
use rand_core::Rng;

/// [`Batched`](super::Batched) `Dense` whose gradient is turned into an approximate natural gradient before the update rule sees
/// it (K-FAC): `A⁻¹·∇W·G⁻¹` and `∇b·G⁻¹`, with A and G the running second moments of the layer's inputs and of the gradients with
/// respect to its outputs, sample by sample. *State:* IN² + OUT² + IN·OUT + IN + 2·OUT + 1 numbers beside the rule's; a stored
/// gradient takes IN² + OUT² more.
///
/// Damping λ is shared out between the factors: `A + π√λ·I` and `G + √λ/π·I`, π² being the ratio of their mean diagonals.
/// Both are factored in place: the moments keep the upper triangle, Cholesky's factor takes the lower one. The gradients are
/// those of the targets themselves (the empirical Fisher matrix), which shrink as the loss falls; weights and biases are
/// blocks of their own. The loss must be a mean over the batch ([`BatchMean`](crate::loss::BatchMean)). Of several batches in
/// one [`Accumulated`](crate::train::Accumulated) step, the last one's moments count.
///
/// Source: J. Martens and R. Grosse, *Optimizing neural networks with Kronecker-factored approximate curvature* (2015),
/// section 6.3 for the damping; S. Amari, *Natural gradient works efficiently in learning* (1998).
///
/// ```
/// use kilograd::layer::Kfac;
/// use kilograd::prelude::*;
///
/// // One input is a hundred times as large as the other: no rate suits both for plain descent.
/// let mut memory = Memory::<Kfac<4, 2, 1>, Sgd>::ZERO;
/// let inputs = Matrix::new([[1.0, 100.0], [-1.0, 100.0], [1.0, -100.0], [-1.0, -100.0]]);
/// let targets = [[3.0], [-1.0], [1.0], [-3.0]].map(Vector::new); // x + 0.02·x′
/// let mut trainer = Trainer::new(&mut memory, BatchMean(MeanSquaredError), Sgd, 0.5)?;
/// for _ in 0..40 {
///     trainer.step(&inputs, &targets)?;
/// }
/// assert!(trainer.evaluate(&inputs, &targets)?.0 < 0.1);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Kfac<const B: usize, const IN: usize, const OUT: usize> {
    /// What it computes.
    pub dense: Dense<IN, OUT>,
    /// The settings' bits, combined with those of the defaults.
    settings: [u32; 2],
}

/// The gradient of a [`Kfac`] layer and, not shown to rules, the second moments of the batch that it comes from.
#[derive(Clone, Debug)]
pub struct KfacGradient<const IN: usize, const OUT: usize> {
    dense: Dense<IN, OUT>,
    inputs: Matrix<IN, IN>,
    deltas: Matrix<OUT, OUT>,
}

/// What a [`Kfac`] layer remembers, and what its rule does.
#[derive(Clone, Debug)]
pub struct KfacState<const IN: usize, const OUT: usize, S> {
    rule: S,
    factors: Factors<IN, OUT>,
    /// Room for a gradient, where none is stored.
    gradient: Dense<IN, OUT>,
}

/// The two moments that a [`Kfac`] layer's Fisher matrix is the Kronecker product of.
#[derive(Clone, Debug)]
struct Factors<const IN: usize, const OUT: usize> {
    inputs: Moments<IN>,
    deltas: Moments<OUT>,
    /// How many samples both are a sum of, older ones counted less.
    samples: Vector<1>,
}

/// A decaying sum of outer products, in the upper triangle, and a Cholesky factor: below it, and its diagonal apart.
#[derive(Clone, Debug)]
struct Moments<const N: usize> {
    sum: Matrix<N, N>,
    diagonal: Vector<N>,
}

impl<const N: usize> Zero for Moments<N> {
    const ZERO: Self = Self { sum: Matrix::ZERO, diagonal: Vector::ZERO };
}

impl<const N: usize> Moments<N> {
    /// The mean of the matrix's diagonal.
    fn mean_diagonal(&self) -> f32 {
        let diagonal = (0..N).map(|i| self.sum.get(i, i).unwrap_or_default());
        diagonal.sum::<f32>() / count(N.max(1))
    }

    /// Factors `scale·sum + damping·I`.
    fn factorize(&mut self, scale: f32, damping: f32) {
        for i in 0..N {
            for j in 0..=i {
                let done = |row: usize| self.sum.row(row).and_then(|row| row.get(..j)).unwrap_or_default();
                let rest = scale * self.sum.get(j, i).unwrap_or_default() - kernel::dot(done(i), done(j));
                if j == i {
                    // No pivot of a damped matrix is below the damping, but for rounding; one that is zero would divide.
                    let least = if damping > f32::MIN_POSITIVE { damping } else { f32::MIN_POSITIVE };
                    let pivot = if rest + damping > least { rest + damping } else { least };
                    self.diagonal.as_mut_slice().iter_mut().skip(i).take(1).for_each(|d| *d = math::sqrt(pivot));
                } else if let (Some(element), Some(pivot)) = (self.sum.get_mut(i, j), self.diagonal.get(j)) {
                    *element = rest / pivot;
                }
            }
        }
    }

    /// Multiplies `block`, N rows of `width`, by the factored matrix's inverse from the left.
    fn solve(&self, block: &mut [f32], width: usize) {
        let factor = |i: usize, j: usize| self.sum.get(i, j).unwrap_or_default();
        let inverse = |i: usize| 1.0 / self.diagonal.get(i).unwrap_or(1.0);
        for i in 0..N {
            let Some((mut above, rest)) = block.split_at_mut_checked(i * width) else { return };
            let Some(row) = rest.get_mut(..width) else { return };
            for k in 0..i {
                kernel::axpy(-factor(i, k), take_mut(&mut above, width), row);
            }
            kernel::scale(inverse(i), row);
        }
        for i in (0..N).rev() {
            let Some((rest, mut below)) = block.split_at_mut_checked((i + 1) * width) else { return };
            let Some(row) = rest.get_mut(i * width..) else { return };
            for k in i + 1..N {
                kernel::axpy(-factor(k, i), take_mut(&mut below, width), row);
            }
            kernel::scale(inverse(i), row);
        }
    }
}

impl<const IN: usize, const OUT: usize> Factors<IN, OUT> {
    /// Turns a gradient into the natural one.
    fn precondition<const B: usize>(&mut self, damping: f32, gradient: &mut Dense<IN, OUT>) {
        let share = 1.0 / self.samples.get(0).unwrap_or(1.0);
        // A delta is 1/B of the gradient of its sample's own loss.
        let delta_share = share * count(B) * count(B);
        let (a, g) = (share * self.inputs.mean_diagonal(), delta_share * self.deltas.mean_diagonal());
        let ratio = math::sqrt(a / g);
        // Where all inputs or all deltas are zero, so is the gradient: any ratio will do.
        let ratio = if ratio > 0.0 && ratio.is_finite() { ratio } else { 1.0 };
        let root = math::sqrt(damping);
        self.inputs.factorize(share, root * ratio);
        self.deltas.factorize(delta_share, root / ratio);
        self.inputs.solve(gradient.weights.as_mut_slice(), OUT);
        let mut rows = gradient.weights.as_mut_slice();
        for _ in 0..IN {
            self.deltas.solve(take_mut(&mut rows, OUT), 1);
        }
        self.deltas.solve(gradient.bias.as_mut_slice(), 1);
        if !Norm::Max.of(gradient).is_finite() {
            // A damping near zero leaves room for an inverse that overflows; no step is better than that one.
            gradient.visit_mut(&mut |group| group.fill(0.0));
        }
    }

    /// Makes room for a batch's moments, which are added after it.
    fn decay<const B: usize>(&mut self, decay: f32) {
        self.inputs.sum.scale(decay);
        self.deltas.sum.scale(decay);
        self.samples.map(|samples| decay * samples + count(B));
    }
}

impl<const B: usize, const IN: usize, const OUT: usize> Kfac<B, IN, OUT> {
    const DEFAULTS: [f32; 2] = [0.95, 1e-3];

    /// With other settings: the share of the moments that a step keeps, 0.95 by default, and the damping λ, 10⁻³ by default.
    ///
    /// # Errors
    /// [`Error::Setting`] for a decay outside [0, 1) or a damping that is not above 0.
    pub fn new(decay: f32, damping: f32) -> Result<Self, Error> {
        Setting::Beta2.require_decay(decay)?;
        Setting::Epsilon.require_positive(damping)?;
        let [default_decay, default_damping] = Self::DEFAULTS.map(f32::to_bits);
        Ok(Self { dense: Dense::ZERO, settings: [decay.to_bits() ^ default_decay, damping.to_bits() ^ default_damping] })
    }

    /// The share of the moments that a step keeps.
    pub fn decay(&self) -> f32 {
        let ([decay, _], [default, _]) = (self.settings, Self::DEFAULTS);
        f32::from_bits(decay ^ default.to_bits())
    }

    /// The damping λ.
    pub fn damping(&self) -> f32 {
        let ([_, damping], [_, default]) = (self.settings, Self::DEFAULTS);
        f32::from_bits(damping ^ default.to_bits())
    }
}

/// A decay of 0.95 and a damping of 10⁻³.
impl<const B: usize, const IN: usize, const OUT: usize> Default for Kfac<B, IN, OUT> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const B: usize, const IN: usize, const OUT: usize> Zero for Kfac<B, IN, OUT> {
    const ZERO: Self = Self { dense: Dense::ZERO, settings: [0; 2] };
}

impl<const IN: usize, const OUT: usize> Zero for KfacGradient<IN, OUT> {
    const ZERO: Self = Self { dense: Dense::ZERO, inputs: Matrix::ZERO, deltas: Matrix::ZERO };
}

impl<const IN: usize, const OUT: usize, S: Zero> Zero for KfacState<IN, OUT, S> {
    const ZERO: Self = Self {
        rule: S::ZERO,
        factors: Factors { inputs: Moments::ZERO, deltas: Moments::ZERO, samples: Vector::ZERO },
        gradient: Dense::ZERO,
    };
}

impl<const B: usize, const IN: usize, const OUT: usize> Parameters for Kfac<B, IN, OUT> {
    const COUNT: usize = Dense::<IN, OUT>::COUNT;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.dense.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.dense.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.dense.copy_from(&other.dense);
    }
}

impl<const IN: usize, const OUT: usize> Parameters for KfacGradient<IN, OUT> {
    const COUNT: usize = Dense::<IN, OUT>::COUNT;
    const BUFFERS: usize = IN * IN + OUT * OUT;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.dense.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.dense.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.inputs.visit(see);
        self.deltas.visit(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.inputs.visit_mut(change);
        self.deltas.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.dense.copy_from(&other.dense);
        self.inputs.copy_from(&other.inputs);
        self.deltas.copy_from(&other.deltas);
    }
}

impl<const IN: usize, const OUT: usize, S: Parameters> Parameters for KfacState<IN, OUT, S> {
    const COUNT: usize = S::COUNT;
    const BUFFERS: usize = S::BUFFERS + IN * IN + OUT * OUT + 1;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.rule.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.rule.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.rule.visit_buffers(see);
        self.factors.inputs.sum.visit(see);
        self.factors.deltas.sum.visit(see);
        self.factors.samples.visit(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.rule.visit_buffers_mut(change);
        self.factors.inputs.sum.visit_mut(change);
        self.factors.deltas.sum.visit_mut(change);
        self.factors.samples.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.rule.copy_from(&other.rule);
        self.factors.inputs.sum.copy_from(&other.factors.inputs.sum);
        self.factors.deltas.sum.copy_from(&other.factors.deltas.sum);
        self.factors.samples.copy_from(&other.factors.samples);
    }
}

impl<const B: usize, const IN: usize, const OUT: usize> Layer for Kfac<B, IN, OUT> {
    type Input = Matrix<B, IN>;
    type Output = Matrix<B, OUT>;
    type Tape = ();
    type Gradient = KfacGradient<IN, OUT>;
    type State<R: Rule> = KfacState<IN, OUT, (R::State<Matrix<IN, OUT>>, R::State<Vector<OUT>>)>;

    fn forward(&self, input: &Matrix<B, IN>, output: &mut Matrix<B, OUT>, (): &mut ()) {
        self.dense.forward_rows(input.as_slice(), output.as_mut_slice(), &mut [(); B]);
    }

    fn backward(
        &self,
        input: &Matrix<B, IN>,
        output: &Matrix<B, OUT>,
        (): &mut (),
        d_output: &mut Matrix<B, OUT>,
        d_input: Option<&mut Matrix<B, IN>>,
    ) -> Result<(), Error> {
        // What keeps the moments finite, from one batch or many. NaN compares false.
        let moments = [kernel::sum_of_squares(input.as_slice(), 1.0), kernel::sum_of_squares(d_output.as_slice(), count(B))];
        if !moments.iter().all(|moment| *moment <= GRADIENT_LIMIT) {
            return Err(Error::GradientTooLarge);
        }
        let d_input = d_input.map(Tensor::as_mut_slice);
        self.dense.backward_rows(input.as_slice(), output.as_slice(), &mut [(); B], d_output.as_mut_slice(), d_input)
    }

    fn accumulate(&self, input: &Matrix<B, IN>, (): &(), d_output: &Matrix<B, OUT>, gradient: &mut Self::Gradient) {
        let (x, d) = (input.as_slice(), d_output.as_slice());
        self.dense.accumulate_rows(x, &[(); B], d, &mut gradient.dense);
        input.transposed_matrix_product(input, &mut gradient.inputs);
        d_output.transposed_matrix_product(d_output, &mut gradient.deltas);
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &Matrix<B, IN>,
        (): &(),
        d_output: &Matrix<B, OUT>,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        let (x, d) = (input.as_slice(), d_output.as_slice());
        state.factors.decay::<B>(self.decay());
        kernel::transposed_product(B, x, x, state.factors.inputs.sum.as_mut_slice());
        kernel::transposed_product(B, d, d, state.factors.deltas.sum.as_mut_slice());
        let KfacState { rule, factors, gradient } = state;
        gradient.visit_mut(&mut |group| group.fill(0.0));
        self.dense.accumulate_rows(x, &[(); B], d, gradient);
        factors.precondition::<B>(self.damping(), gradient);
        self.dense.apply(gradient, rule, step);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, state: &mut Self::State<R>, step: &Step<'_, R>) {
        state.factors.decay::<B>(self.decay());
        state.factors.inputs.sum.add(&gradient.inputs);
        state.factors.deltas.sum.add(&gradient.deltas);
        state.factors.precondition::<B>(self.damping(), &mut gradient.dense);
        self.dense.apply(&mut gradient.dense, &mut state.rule, step);
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        self.dense.initialize(weights, bias, rng);
    }
}

impl<const B: usize, const IN: usize, const OUT: usize> PerSample for Kfac<B, IN, OUT> {
    type Single = Dense<IN, OUT>;

    fn write_single(&self, single: &mut Dense<IN, OUT>) {
        single.copy_from(&self.dense);
    }
}
