//! Maxout units.

use super::{Dense, Layer};
use crate::error::Error;
use crate::init::{Bias, Scheme};
use crate::optim::{Elementwise, Rule, Step};
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use rand_core::Rng;

/// Maxout units: `yⱼ` is the largest of `PIECES` linear functions of the inputs, each a [`Dense`] layer. So the units learn
/// their activation, convex and piecewise linear, and some slope other than 0 is always passed back. Source: *Deep Learning*,
/// sections 6.3.1 and 8.7.5 (I. Goodfellow et al., 2013).
///
/// `PIECES` times the parameters of a dense layer. *Tape:* 4·(PIECES·OUT + IN) bytes. Of equal pieces the first is the largest.
///
/// ```
/// use kilograd::layer::{Dense, Layer, Maxout};
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// // |x|, as the larger of x and −x.
/// let piece = |slope| Dense { weights: Matrix::new([[slope]]), bias: Vector::ZERO };
/// let layer = Maxout { pieces: [piece(1.0), piece(-1.0)] };
/// let (mut y, mut tape) = (Vector::ZERO, Zero::ZERO);
/// layer.forward(&Vector::new([-3.0]), &mut y, &mut tape);
/// assert_eq!(y, Vector::new([3.0]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Maxout<const IN: usize, const OUT: usize, const PIECES: usize> {
    /// The linear functions.
    pub pieces: [Dense<IN, OUT>; PIECES],
}

/// What [`Maxout`] remembers between forward and backward.
pub struct MaxoutTape<const IN: usize, const OUT: usize, const PIECES: usize> {
    /// What each piece says; after backward, the gradient with respect to it.
    pieces: [Vector<OUT>; PIECES],
    /// What one piece adds to the gradient with respect to the input.
    d_input: Vector<IN>,
}

impl<const IN: usize, const OUT: usize, const PIECES: usize> Zero for MaxoutTape<IN, OUT, PIECES> {
    const ZERO: Self = Self { pieces: Zero::ZERO, d_input: Vector::ZERO };
}

impl<const IN: usize, const OUT: usize, const PIECES: usize> MaxoutTape<IN, OUT, PIECES> {
    /// Gives each element of `d_output` to the first piece that is as large as the output, and zeros to the others.
    fn share(&mut self, output: &Vector<OUT>, d_output: &Vector<OUT>) {
        for (j, (y, d)) in output.as_slice().iter().zip(d_output.as_slice()).enumerate() {
            let mut rest = *d;
            for piece in self.pieces.iter_mut().filter_map(|piece| piece.get_mut(j)) {
                // A NaN is equal to nothing, and must not get lost.
                let is_largest = *piece == *y || piece.is_nan();
                *piece = if is_largest { core::mem::take(&mut rest) } else { 0.0 };
            }
        }
    }
}

impl<const IN: usize, const OUT: usize, const PIECES: usize> Default for Maxout<IN, OUT, PIECES> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const IN: usize, const OUT: usize, const PIECES: usize> Zero for Maxout<IN, OUT, PIECES> {
    const ZERO: Self = Self { pieces: Zero::ZERO };
}

impl<const IN: usize, const OUT: usize, const PIECES: usize> Parameters for Maxout<IN, OUT, PIECES> {
    const COUNT: usize = <[Dense<IN, OUT>; PIECES]>::COUNT;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.pieces.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.pieces.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.pieces.copy_from(&other.pieces);
    }
}

impl<const IN: usize, const OUT: usize, const PIECES: usize> Layer for Maxout<IN, OUT, PIECES> {
    type Input = Vector<IN>;
    type Output = Vector<OUT>;
    type Tape = MaxoutTape<IN, OUT, PIECES>;
    type Gradient = [Dense<IN, OUT>; PIECES];
    type State<R: Rule> = [<Dense<IN, OUT> as Layer>::State<R>; PIECES];

    fn forward(&self, input: &Vector<IN>, output: &mut Vector<OUT>, tape: &mut Self::Tape) {
        output.fill(f32::NEG_INFINITY);
        for (dense, piece) in self.pieces.iter().zip(&mut tape.pieces) {
            dense.forward(input, piece, &mut ());
            for (y, piece) in output.as_mut_slice().iter_mut().zip(piece.as_slice()) {
                // A NaN stays, whichever of the two it is.
                *y = if *piece > *y || piece.is_nan() { *piece } else { *y };
            }
        }
    }

    fn backward(
        &self,
        input: &Vector<IN>,
        output: &Vector<OUT>,
        tape: &mut Self::Tape,
        d_output: &mut Vector<OUT>,
        mut d_input: Option<&mut Vector<IN>>,
    ) -> Result<(), Error> {
        tape.share(output, d_output);
        if let Some(d_input) = d_input.as_deref_mut() {
            d_input.fill(0.0);
        }
        for (dense, piece) in self.pieces.iter().zip(&mut tape.pieces) {
            let scratch = d_input.is_some().then_some(&mut tape.d_input);
            dense.backward(input, output, &mut (), piece, scratch)?;
            if let Some(d_input) = d_input.as_deref_mut() {
                d_input.add(&tape.d_input);
            }
        }
        Ok(())
    }

    fn accumulate(&self, input: &Vector<IN>, tape: &Self::Tape, _: &Vector<OUT>, gradient: &mut Self::Gradient) {
        for ((dense, piece), gradient) in self.pieces.iter().zip(&tape.pieces).zip(gradient) {
            dense.accumulate(input, &(), piece, gradient);
        }
    }

    fn update<R: Elementwise>(
        &mut self,
        input: &Vector<IN>,
        tape: &Self::Tape,
        _: &Vector<OUT>,
        state: &mut Self::State<R>,
        step: &Step<'_, R>,
    ) {
        for ((dense, piece), state) in self.pieces.iter_mut().zip(&tape.pieces).zip(state) {
            dense.update(input, &(), piece, state, step);
        }
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Self::Gradient, state: &mut Self::State<R>, step: &Step<'_, R>) {
        for ((dense, gradient), state) in self.pieces.iter_mut().zip(gradient).zip(state) {
            dense.apply(gradient, state, step);
        }
    }

    fn initialize(&mut self, weights: &impl Scheme, bias: Bias, rng: &mut impl Rng) {
        for dense in &mut self.pieces {
            dense.initialize(weights, bias, rng);
        }
    }
}
