//! A dense layer by rows: the weights of one input at a time.

use super::{Slice, Sliced};
use crate::error::Error;
use crate::layer::Dense;
use crate::layer::dense::require_within_limit;
use crate::optim::{Elementwise, Partwise, Step};
use crate::tensor::{Tensor, Vector, take};
use kilograd_simd::kernel;

/// So many rows of a matrix with `OUT` columns, from row `from` on.
fn rows<const OUT: usize>(matrix: &[f32], from: usize, count: usize) -> &[f32] {
    matrix.get(from * OUT..(from + count) * OUT).unwrap_or_default()
}

/// The same, to be written to.
fn rows_mut<const OUT: usize>(matrix: &mut [f32], from: usize, count: usize) -> &mut [f32] {
    matrix.get_mut(from * OUT..(from + count) * OUT).unwrap_or_default()
}

/// The elements from `from` on, as many as `count`.
fn part(x: &[f32], from: usize, count: usize) -> &[f32] {
    x.get(from..from + count).unwrap_or_default()
}

/// Where the next pieces begin, how many rows of weights are among them, and whether the bias, which comes last, is.
fn parameters<const IN: usize, const OUT: usize>(slice: &mut Slice, cost: usize) -> (usize, usize, bool) {
    let from = slice.at().min(IN + 1);
    let to = from + slice.take((IN + 1).saturating_sub(from), OUT * cost);
    (from, to.min(IN).saturating_sub(from), to > IN && from <= IN)
}

impl<const IN: usize, const OUT: usize> Sliced for Dense<IN, OUT> {
    const COST: usize = (IN + 1) * OUT + IN + OUT;
    const LARGEST_PIECE: usize = IN + OUT;
    const LARGEST_PART: usize = OUT;
    /// The bias, and each input's weights.
    const FORWARD: usize = IN + 1;
    /// The gradient's bound, and the gradient with respect to each input.
    const BACKWARD: usize = IN + 1;
    /// Each input's weights, and the bias.
    const PARAMETER_PARTS: usize = IN + 1;

    fn forward_slice(&self, input: &Vector<IN>, output: &mut Vector<OUT>, (): &mut (), slice: &mut Slice) {
        let (weights, input, output) = (self.weights.as_slice(), input.as_slice(), output.as_mut_slice());
        let at = slice.at();
        let count = slice.take(Self::FORWARD.saturating_sub(at), OUT);
        match (at.checked_sub(1), count.checked_sub(1)) {
            (_, None) => {}
            (None, Some(count)) => {
                kernel::matvec(rows::<OUT>(weights, 0, count), part(input, 0, count), self.bias.as_slice(), output);
            }
            // The sums go on from where they are, over the inputs in natural order: the kernel's order.
            (Some(from), Some(_)) => {
                let mut weights = rows::<OUT>(weights, from, count);
                for x in part(input, from, count) {
                    kernel::axpy(*x, take(&mut weights, OUT), output);
                }
            }
        }
    }

    fn backward_slice(
        &self,
        input: &Vector<IN>,
        _: &Vector<OUT>,
        (): &mut (),
        d_output: &mut Vector<OUT>,
        d_input: Option<&mut Vector<IN>>,
        slice: &mut Slice,
    ) -> Result<(), Error> {
        if slice.at() == 0 && slice.take(1, IN + OUT) > 0 {
            require_within_limit(input.as_slice(), d_output.as_slice())?;
        }
        let Some(from) = slice.at().checked_sub(1) else { return Ok(()) };
        let Some(d_input) = d_input else {
            slice.skip(IN - from.min(IN));
            return Ok(());
        };
        let count = slice.take(IN.saturating_sub(from), OUT);
        let weights = rows::<OUT>(self.weights.as_slice(), from, count);
        let d_input = rows_mut::<1>(d_input.as_mut_slice(), from, count);
        kernel::matvec_transposed(weights, d_output.as_slice(), d_input);
        Ok(())
    }

    fn accumulate_slice(&self, input: &Vector<IN>, (): &(), d_output: &Vector<OUT>, gradient: &mut Self, slice: &mut Slice) {
        let (from, count, with_bias) = parameters::<IN, OUT>(slice, 1);
        let weights = rows_mut::<OUT>(gradient.weights.as_mut_slice(), from, count);
        kernel::rank_one(1.0, part(input.as_slice(), from, count), d_output.as_slice(), weights);
        if with_bias {
            kernel::add(d_output.as_slice(), gradient.bias.as_mut_slice());
        }
    }

    fn update_slice<R: Elementwise>(
        &mut self,
        input: &Vector<IN>,
        (): &(),
        d_output: &Vector<OUT>,
        (weights, bias): &mut Self::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        let (from, count, with_bias) = parameters::<IN, OUT>(slice, R::COST);
        let input = part(input.as_slice(), from, count);
        step.descend_outer_from(from * OUT, input, d_output.as_slice(), &mut self.weights, weights);
        if with_bias {
            step.descend_outer(&[1.0], d_output.as_slice(), &mut self.bias, bias);
        }
    }

    fn apply_slice<R: Partwise>(
        &mut self,
        gradient: &mut Self,
        (weights, bias): &mut Self::State<R>,
        step: &Step<'_, R>,
        slice: &mut Slice,
    ) {
        let (from, count, with_bias) = parameters::<IN, OUT>(slice, R::COST);
        step.descend_part(from * OUT, count * OUT, &mut self.weights, &mut gradient.weights, weights);
        if with_bias {
            step.descend(&mut self.bias, &mut gradient.bias, bias);
        }
    }
}
