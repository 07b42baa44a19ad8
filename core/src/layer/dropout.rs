//! Dropout.

use super::Layer;
use super::elementwise::{without_parameters, without_updates};
use super::preset::Preset;
use crate::error::{Error, Setting};
use crate::init::{Bias, Scheme};
use crate::tensor::{Parameters, Tensor, Vector, Zero, to_f32};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

const DEFAULT_RATE: u32 = 0.5_f32.to_bits();

/// Dropout: while training, each value is set to 0 with probability p, and the others are divided by 1 − p, so that the
/// expectation stays; a trained network passes them on as they are. Source: *Deep Learning*, section 7.12 (N. Srivastava et
/// al., 2014), in the inverted form.
///
/// The mask is never stored: backward draws it again, from the seed that [`initialize`](Layer::initialize) takes from its
/// generator and from the number of the pass (a sample that is refused counts as one). *Tape:* 8 bytes, whatever the width. A network that is loaded instead of
/// initialised needs [`set_seed`](Dropout::set_seed) if two layers of dropout are not to drop the same places.
///
/// ```
/// use kilograd::layer::{Dropout, Layer};
/// use kilograd::tensor::{Vector, Zero};
///
/// let (layer, x) = (Dropout::<8>::new(0.75)?, Vector::new([1.0; 8]));
/// let (mut y, mut tape) = (Vector::ZERO, Zero::ZERO);
/// layer.forward(&x, &mut y, &mut tape);
/// assert_eq!(y, x);
/// layer.forward_training(&x, &mut y, &mut tape);
/// assert!(y.as_array().iter().all(|y| *y == 0.0 || *y == 4.0));
/// assert!(Dropout::<8>::new(1.0).is_err());
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dropout<const N: usize> {
    rate: Preset<DEFAULT_RATE>,
    seed: u32,
}

/// What [`Dropout`] remembers between forward and backward: which pass it was.
#[derive(Clone, Copy, Debug)]
pub struct DropoutTape {
    /// Training passes so far.
    passes: u32,
    /// Whether the last pass was one.
    training: bool,
}

impl Zero for DropoutTape {
    const ZERO: Self = Self { passes: 0, training: false };
}

impl<const N: usize> Dropout<N> {
    /// With this share of zeros, p.
    ///
    /// # Errors
    /// [`Setting::DropoutRate`] if it does not lie in [0, 1).
    pub fn new(rate: f32) -> Result<Self, Error> {
        let mut layer = Self::ZERO;
        layer.set_rate(rate)?;
        Ok(layer)
    }

    /// The share of zeros, p; a half unless said otherwise.
    pub const fn rate(&self) -> f32 {
        self.rate.get()
    }

    /// Sets p.
    ///
    /// # Errors
    /// [`Setting::DropoutRate`] if it does not lie in [0, 1); the layer is then as it was.
    pub fn set_rate(&mut self, rate: f32) -> Result<(), Error> {
        Setting::DropoutRate.require_decay(rate)?;
        self.rate = Preset::new(rate);
        Ok(())
    }

    /// Sets what the masks are drawn from.
    pub fn set_seed(&mut self, seed: u32) {
        self.seed = seed;
    }

    /// Which values training pass number `pass` keeps, without end: the same for the same seed, on every target.
    pub fn kept(&self, pass: u32) -> impl Iterator<Item = bool> + use<N> {
        let mut rng = SplitMix64::seed_from_u64(u64::from(self.seed) << 32 | u64::from(pass));
        // 24 bits, exact in f32.
        let threshold = self.rate() * 16_777_216.0;
        core::iter::repeat_with(move || to_f32(rng.next_u32() >> 8) >= threshold)
    }

    /// Writes `to = from / (1 − p)` where `kept` says so and 0 elsewhere: values on the way forward, gradients on the way
    /// back. What is infinite or NaN becomes NaN, not 0.
    pub fn mask_slice(&self, kept: impl IntoIterator<Item = bool>, from: &[f32], to: &mut [f32]) {
        let scale = 1.0 / (1.0 - self.rate());
        for ((from, to), kept) in from.iter().zip(to).zip(kept) {
            *to = from * if kept { scale } else { 0.0 };
        }
    }
}

without_parameters!(Dropout, Dropout { rate: Preset::DEFAULT, seed: 0 });

impl<const N: usize> Layer for Dropout<N> {
    type Input = Vector<N>;
    type Output = Vector<N>;
    type Tape = DropoutTape;

    fn forward(&self, input: &Vector<N>, output: &mut Vector<N>, tape: &mut DropoutTape) {
        tape.training = false;
        output.copy_from(input);
    }

    fn forward_training(&self, input: &Vector<N>, output: &mut Vector<N>, tape: &mut DropoutTape) {
        *tape = DropoutTape { passes: tape.passes.wrapping_add(1), training: true };
        self.mask_slice(self.kept(tape.passes), input.as_slice(), output.as_mut_slice());
    }

    fn backward(
        &self,
        input: &Vector<N>,
        _: &Vector<N>,
        tape: &mut DropoutTape,
        d_output: &mut Vector<N>,
        d_input: Option<&mut Vector<N>>,
    ) -> Result<(), Error> {
        match d_input {
            None if input.is_finite() => {}
            None => return Err(Error::InputNotFinite),
            Some(d_input) if tape.training => {
                self.mask_slice(self.kept(tape.passes), d_output.as_slice(), d_input.as_mut_slice());
            }
            Some(d_input) => d_input.copy_from(d_output),
        }
        Ok(())
    }

    without_updates!(DropoutTape);

    const COUNTERS: usize = 2;

    fn visit_counters(&self, tape: &DropoutTape, see: &mut impl FnMut(u32)) {
        see(self.seed);
        see(tape.passes);
    }

    fn visit_counters_mut(&mut self, tape: &mut DropoutTape, change: &mut impl FnMut(&mut u32)) {
        change(&mut self.seed);
        change(&mut tape.passes);
    }

    fn initialize(&mut self, _: &impl Scheme, _: Bias, rng: &mut impl Rng) {
        self.seed = rng.next_u32();
    }
}
