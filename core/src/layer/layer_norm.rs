//! Layer normalisation.

use super::normalize::NormTape;
use super::preset::Preset;
use super::{GRADIENT_LIMIT, Layer};
use crate::error::{Error, Setting};
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Vector, Zero, count};
use kilograd_simd::kernel;
use rand_core::Rng;

/// PyTorch's.
const DEFAULT_EPSILON: u32 = 1e-5_f32.to_bits();

/// Layer normalisation: `yᵢ = γᵢ·(xᵢ − m)/√(v + ε) + βᵢ`, m and v the mean and variance of the sample's own N inputs.
///
/// What batch normalisation does over a batch, this does over a layer: it works with one sample at a time, and does the same
/// in training and after. The variance takes two passes and keeps its digits whatever the mean. *Tape:* 4·N + 8 bytes.
/// Source: J. Ba et al., *Layer normalization* (2016); *Deep Learning*, section 8.7.1.
///
/// [`initialize`](Layer::initialize) sets the gain to 1, whatever the scheme; [`Zero`] leaves it 0.
///
/// ```
/// use kilograd::layer::{Layer, LayerNorm};
/// use kilograd::tensor::{Vector, Zero};
///
/// let (mut y, mut tape) = (Vector::ZERO, Zero::ZERO);
/// LayerNorm::default().forward(&Vector::new([1000.0, 1002.0]), &mut y, &mut tape);
/// assert!((y.get(0).unwrap() + 1.0).abs() < 1e-5 && (y.get(1).unwrap() - 1.0).abs() < 1e-5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNorm<const N: usize> {
    /// What each normalised input is multiplied by, γ.
    pub gain: Vector<N>,
    /// What is then added, β.
    pub bias: Vector<N>,
    epsilon: Preset<DEFAULT_EPSILON>,
}

impl<const N: usize> LayerNorm<N> {
    /// What is added to the variance, ε; 10⁻⁵ unless said otherwise.
    pub const fn epsilon(&self) -> f32 {
        self.epsilon.get()
    }

    /// Sets ε.
    ///
    /// # Errors
    /// [`Setting::Epsilon`] if it is not a finite number above 0; the layer is then as it was.
    pub fn set_epsilon(&mut self, epsilon: f32) -> Result<(), Error> {
        Setting::Epsilon.require_positive(epsilon)?;
        self.epsilon = Preset::new(epsilon);
        Ok(())
    }
}

/// A gain of 1 and a bias of 0.
impl<const N: usize> Default for LayerNorm<N> {
    fn default() -> Self {
        Self { gain: Vector::new([1.0; N]), ..Self::ZERO }
    }
}

impl<const N: usize> Zero for LayerNorm<N> {
    const ZERO: Self = Self { gain: Vector::ZERO, bias: Vector::ZERO, epsilon: Preset::DEFAULT };
}

impl<const N: usize> Parameters for LayerNorm<N> {
    const COUNT: usize = 2 * N;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.gain.visit(see);
        self.bias.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.gain.visit_mut(change);
        self.bias.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.gain.copy_from(&other.gain);
        self.bias.copy_from(&other.bias);
    }
}

impl<const N: usize> Layer for LayerNorm<N> {
    type Input = Vector<N>;
    type Output = Vector<N>;
    type Tape = NormTape<N>;
    type Gradient = (Vector<N>, Vector<N>);
    type State<R: Rule> = (R::State<Vector<N>>, R::State<Vector<N>>);

    fn forward(&self, input: &Vector<N>, output: &mut Vector<N>, tape: &mut NormTape<N>) {
        let mean = input.sum() / count(N);
        for (y, x) in output.as_mut_slice().iter_mut().zip(input.as_slice()) {
            *y = x - mean;
        }
        tape.normalize(mean, output.as_slice(), self.epsilon());
        let parameters = self.gain.as_slice().iter().zip(self.bias.as_slice());
        for ((y, x), (gain, bias)) in output.as_mut_slice().iter_mut().zip(input.as_slice()).zip(parameters) {
            *y = gain * tape.normalized(*x) + bias;
        }
    }

    fn backward(
        &self,
        input: &Vector<N>,
        _: &Vector<N>,
        tape: &mut NormTape<N>,
        d_output: &mut Vector<N>,
        d_input: Option<&mut Vector<N>>,
    ) -> Result<(), Error> {
        tape.differentiate_gain(input, d_output);
        // NaN compares false.
        let within_limit = d_output.norm_l1() <= GRADIENT_LIMIT && tape.d_gain.norm_l1() <= GRADIENT_LIMIT;
        if !within_limit {
            return Err(Error::GradientTooLarge);
        }
        if let Some(d_input) = d_input {
            // A change of all inputs alike changes nothing, nor does one along them: what points there is taken out.
            let alike = kernel::dot(self.gain.as_slice(), d_output.as_slice()) / count(N);
            tape.differentiate_input(&self.gain, input, d_output, alike, d_input);
        }
        Ok(())
    }

    fn accumulate(&self, _: &Vector<N>, tape: &NormTape<N>, d_output: &Vector<N>, (gain, bias): &mut Self::Gradient) {
        gain.add(&tape.d_gain);
        bias.add(d_output);
    }

    fn update<R: Elementwise>(
        &mut self,
        _: &Vector<N>,
        tape: &NormTape<N>,
        d_output: &Vector<N>,
        (gain, bias): &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        step.descend_outer(&[1.0], tape.d_gain.as_slice(), &mut self.gain, gain);
        step.descend_outer(&[1.0], d_output.as_slice(), &mut self.bias, bias);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, (gain, bias): &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend(&mut self.gain, &mut gradient.0, gain);
        step.descend(&mut self.bias, &mut gradient.1, bias);
    }

    fn initialize(&mut self, _: &impl Scheme, bias: Bias, _: &mut impl Rng) {
        self.gain.fill(1.0);
        bias.fill(self.bias.as_mut_slice());
    }
}
