//! A layer whose parameters lie in flash.

use super::Layer;
use super::rows::require_finite;
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Zero};
use core::fmt;
use core::marker::PhantomData;
use rand_core::Rng;

/// Names a layer in a `static`: what a [`Flash`] stands for.
pub trait Stored {
    /// What it is.
    type Layer: Layer + 'static;

    /// Where it is.
    fn layer() -> &'static Self::Layer;
}

/// A [`Frozen`](super::Frozen) layer that is read from where it is stored: it takes no RAM beside its tape, and is no part of
/// what is saved.
///
/// ```
/// use kilograd::layer::{Chain, Dense, Flash, Stored};
/// use kilograd::prelude::*;
///
/// static TRUNK: Dense<2, 2> = Dense { weights: Matrix::new([[1.0, -1.0], [0.5, 2.0]]), bias: Vector::new([0.0, 0.1]) };
///
/// #[derive(Clone, Copy)]
/// struct Trunk;
///
/// impl Stored for Trunk {
///     type Layer = Dense<2, 2>;
///
///     fn layer() -> &'static Dense<2, 2> {
///         &TRUNK
///     }
/// }
///
/// type Net = Chain<Flash<Trunk>, network![2 => Relu => 1]>;
/// assert_eq!(size_of::<Flash<Trunk>>(), 0);
/// assert_eq!(Memory::<Net, Adam>::STATE_BYTES, 8 * 3);
/// ```
pub struct Flash<S>(PhantomData<S>);

impl<S> Flash<S> {
    /// The layer that `S` names.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S> Clone for Flash<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Flash<S> {}

impl<S> Default for Flash<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> PartialEq for Flash<S> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<S> fmt::Debug for Flash<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flash")
    }
}

impl<S> Zero for Flash<S> {
    const ZERO: Self = Self::new();
}

impl<S> Parameters for Flash<S> {
    const COUNT: usize = 0;

    fn visit(&self, _: &mut impl FnMut(&[f32])) {}

    fn visit_mut(&mut self, _: &mut impl FnMut(&mut [f32])) {}

    fn copy_from(&mut self, _: &Self) {}
}

impl<S: Stored> Layer for Flash<S> {
    type Input = <S::Layer as Layer>::Input;
    type Output = <S::Layer as Layer>::Output;
    type Tape = <S::Layer as Layer>::Tape;
    type Gradient = ();
    type State<R: Rule> = ();

    fn forward(&self, input: &Self::Input, output: &mut Self::Output, tape: &mut Self::Tape) {
        S::layer().forward(input, output, tape);
    }

    fn backward(
        &self,
        input: &Self::Input,
        output: &Self::Output,
        tape: &mut Self::Tape,
        d_output: &mut Self::Output,
        d_input: Option<&mut Self::Input>,
    ) -> Result<(), Error> {
        match d_input {
            Some(_) => S::layer().backward(input, output, tape, d_output, d_input),
            None => require_finite(input.as_slice()),
        }
    }

    fn accumulate(&self, _: &Self::Input, _: &Self::Tape, _: &Self::Output, (): &mut ()) {}

    fn update<R: Elementwise>(&mut self, _: &Self::Input, _: &Self::Tape, _: &Self::Output, (): &mut (), _: &Step<'_, R>) {}

    fn apply<R: Rule>(&mut self, (): &mut (), (): &mut (), _: &Step<'_, R>) {}

    fn forward_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [Self::Tape]) {
        S::layer().forward_rows(inputs, outputs, tapes);
    }

    fn forward_training_rows(&self, inputs: &[f32], outputs: &mut [f32], tapes: &mut [Self::Tape]) {
        S::layer().forward_rows(inputs, outputs, tapes);
    }

    fn backward_rows(
        &self,
        inputs: &[f32],
        outputs: &[f32],
        tapes: &mut [Self::Tape],
        d_outputs: &mut [f32],
        d_inputs: Option<&mut [f32]>,
    ) -> Result<(), Error> {
        match d_inputs {
            Some(_) => S::layer().backward_rows(inputs, outputs, tapes, d_outputs, d_inputs),
            None => require_finite(inputs),
        }
    }

    fn initialize(&mut self, _: &impl Scheme, _: Bias, _: &mut impl Rng) {}
}
