//! The size of what each layer says, measured on samples and set.

use super::{Dataset, Memory, Mode};
use crate::error::{Error, Setting};
use crate::layer::Layer;
use crate::optim::Rule;
use crate::tensor::{Tensor, Zero};
use kilograd_simd::{kernel, math};

/// How often a layer is measured and scaled: once is enough but for rounding, and for biases that differ.
const ROUNDS: u32 = 4;
/// Closer than this share of the deviation asked for, a layer is left as it is.
const CLOSE: f32 = 0.01;

/// Mean and variance, one number at a time (B. P. Welford, 1962).
#[derive(Clone, Copy, Default)]
struct Spread {
    count: f32,
    mean: f32,
    squares: f32,
}

impl Spread {
    fn take(&mut self, x: f32) {
        self.count += 1.0;
        let off = x - self.mean;
        self.mean += off / self.count;
        self.squares += off * (x - self.mean);
    }
}

impl<N: Layer, R: Rule, M: Mode> Memory<N, R, M> {
    /// The standard deviation of what layer number `layer`, of those that have weights and counted from 0, says before any
    /// activation: over all of its units and the samples of `data` that `indices` names. `None` if there is no such layer.
    ///
    /// ```
    /// use kilograd::prelude::*;
    ///
    /// let mut memory = Memory::<network![1 => 1 => Relu => 1], Sgd>::ZERO;
    /// memory.network.first.layer.weights = Matrix::new([[3.0]]);
    /// let data = [(Vector::new([-1.0]), ()), (Vector::new([1.0]), ())];
    /// assert_eq!(memory.layer_deviation(0, &data, 0..2), Ok(Some(3.0)));
    /// assert_eq!(memory.layer_deviation(2, &data, 0..2), Ok(None));
    /// ```
    ///
    /// # Errors
    /// That of the first sample that cannot be loaded, [`Error::InputNotFinite`], [`Error::EmptyBatch`] if `indices` names none, or
    /// [`Error::LossNotFinite`] if the deviation overflows.
    pub fn layer_deviation<D: Dataset<Input = N::Input> + ?Sized>(
        &mut self,
        layer: usize,
        data: &D,
        indices: impl IntoIterator<Item = usize>,
    ) -> Result<Option<f32>, Error> {
        let mut input = N::Input::ZERO;
        let mut spread = Spread::default();
        let (mut exists, mut samples) = (false, false);
        for index in indices {
            data.load(index, &mut input)?;
            if !input.is_finite() {
                return Err(Error::InputNotFinite);
            }
            let Self { network, tape, output, .. } = &mut *self;
            samples = true;
            let mut number = 0;
            network.forward_watched(&input, output, tape, &mut |said| {
                if number == layer {
                    exists = true;
                    said.iter().for_each(|x| spread.take(*x));
                }
                number += 1;
            });
        }
        let deviation = math::sqrt(spread.squares / spread.count);
        match (samples, exists) {
            (false, _) => Err(Error::EmptyBatch),
            (true, false) => Ok(None),
            (true, true) if deviation.is_finite() => Ok(Some(deviation)),
            (true, true) => Err(Error::LossNotFinite),
        }
    }

    /// Multiplies the weights of layer number `layer`, counted as in [`layer_deviation`](Memory::layer_deviation), by `factor`;
    /// says whether there is one. So a layer's scale is a hyper-parameter like any other.
    pub fn scale_layer(&mut self, layer: usize, factor: f32) -> bool {
        let (mut exists, mut number) = (false, 0);
        self.network.visit_weights(&mut |weights| {
            if number == layer {
                exists = true;
                kernel::scale(factor, weights);
            }
            number += 1;
        });
        exists
    }

    /// Scales the weights of each layer, from the first to the last, until what it says on a mini-batch of samples has this
    /// standard deviation. A layer that says the same whatever it sees is left as it is.
    ///
    /// Source: *Deep Learning*, section 8.4; D. Mishkin and J. Matas, *All you need is a good init* (2016), who start from
    /// [`Orthogonal`](crate::init::Orthogonal) weights and set 1. *Memory:* 12 bytes.
    ///
    /// ```
    /// use kilograd::prelude::*;
    ///
    /// let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
    /// memory.network.weights = Matrix::new([[100.0]]);
    /// memory.scale_layers(1.0, &[(Vector::new([-2.0]), ()), (Vector::new([2.0]), ())], 0..2)?;
    /// assert_eq!(memory.network.weights, Matrix::new([[0.5]]));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] for a deviation that is not a finite number above 0, or as
    /// [`layer_deviation`](Memory::layer_deviation); layers before the one that it was met at have been scaled.
    pub fn scale_layers<D: Dataset<Input = N::Input> + ?Sized>(
        &mut self,
        deviation: f32,
        data: &D,
        indices: impl IntoIterator<Item = usize> + Clone,
    ) -> Result<(), Error> {
        Setting::Deviation.require_positive(deviation)?;
        let mut layer = 0;
        loop {
            for _ in 0..ROUNDS {
                let Some(measured) = self.layer_deviation(layer, data, indices.clone())? else { return Ok(()) };
                let factor = deviation / measured;
                if !factor.is_finite() || (factor - 1.0).abs() < CLOSE {
                    break;
                }
                self.scale_layer(layer, factor);
            }
            layer += 1;
        }
    }
}
