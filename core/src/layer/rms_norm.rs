//! Root-mean-square normalisation.

use super::normalize::NormTape;
use super::preset::Preset;
use super::{GRADIENT_LIMIT, Layer};
use crate::error::{Error, Setting};
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use rand_core::Rng;

/// PyTorch's.
const DEFAULT_EPSILON: u32 = f32::EPSILON.to_bits();

/// Root-mean-square normalisation: `yᵢ = γᵢ·xᵢ/√(Σ xⱼ²/N + ε)`: [`LayerNorm`](super::LayerNorm) that neither subtracts the mean
/// nor adds a bias, for half the parameters. *Tape:* 4·N + 8 bytes. Source: B. Zhang and R. Sennrich, *Root mean square layer
/// normalization* (2019).
///
/// [`initialize`](Layer::initialize) sets the gain to 1, whatever the scheme; [`Zero`] leaves it 0.
///
/// ```
/// use kilograd::layer::{Layer, RmsNorm};
/// use kilograd::tensor::{Vector, Zero};
///
/// let (mut y, mut tape) = (Vector::ZERO, Zero::ZERO);
/// RmsNorm::default().forward(&Vector::new([1e30, -7e30]), &mut y, &mut tape);
/// assert!((y.get(0).unwrap() - 0.2).abs() < 1e-6 && (y.get(1).unwrap() + 1.4).abs() < 1e-6);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RmsNorm<const N: usize> {
    /// What each normalised input is multiplied by, γ.
    pub gain: Vector<N>,
    epsilon: Preset<DEFAULT_EPSILON>,
}

impl<const N: usize> RmsNorm<N> {
    /// What is added to the mean square, ε; [`f32::EPSILON`] unless said otherwise.
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

/// A gain of 1.
impl<const N: usize> Default for RmsNorm<N> {
    fn default() -> Self {
        Self { gain: Vector::new([1.0; N]), ..Self::ZERO }
    }
}

impl<const N: usize> Zero for RmsNorm<N> {
    const ZERO: Self = Self { gain: Vector::ZERO, epsilon: Preset::DEFAULT };
}

impl<const N: usize> Parameters for RmsNorm<N> {
    const COUNT: usize = N;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.gain.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.gain.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.gain.copy_from(&other.gain);
    }
}

impl<const N: usize> Layer for RmsNorm<N> {
    type Input = Vector<N>;
    type Output = Vector<N>;
    type Tape = NormTape<N>;
    type Gradient = Vector<N>;
    type State<R: Rule> = R::State<Vector<N>>;

    fn forward(&self, input: &Vector<N>, output: &mut Vector<N>, tape: &mut NormTape<N>) {
        tape.normalize(0.0, input.as_slice(), self.epsilon());
        let pairs = input.as_slice().iter().zip(self.gain.as_slice());
        for (y, (x, gain)) in output.as_mut_slice().iter_mut().zip(pairs) {
            *y = gain * tape.normalized(*x);
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
        let within_limit = tape.d_gain.norm_l1() <= GRADIENT_LIMIT;
        if !within_limit {
            return Err(Error::GradientTooLarge);
        }
        if let Some(d_input) = d_input {
            tape.differentiate_input(&self.gain, input, d_output, 0.0, d_input);
        }
        Ok(())
    }

    fn accumulate(&self, _: &Vector<N>, tape: &NormTape<N>, _: &Vector<N>, gradient: &mut Vector<N>) {
        gradient.add(&tape.d_gain);
    }

    fn update<R: Elementwise>(
        &mut self,
        _: &Vector<N>,
        tape: &NormTape<N>,
        _: &Vector<N>,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        step.descend_outer(&[1.0], tape.d_gain.as_slice(), &mut self.gain, state);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Vector<N>, state: &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend(&mut self.gain, gradient, state);
    }

    fn initialize(&mut self, _: &impl Scheme, _: Bias, _: &mut impl Rng) {
        self.gain.fill(1.0);
    }
}
