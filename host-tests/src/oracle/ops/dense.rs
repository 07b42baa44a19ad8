//! `dense`: a fully connected layer, forward, backward, and its gradient over a batch.

use super::super::Trouble;
use super::super::compare::{Comparison, LAYER};
use super::super::schema::{Case, Document};
use super::padding::{load_weights, padded, weights_by_unit, with_size, zeros};
use kilograd::layer::{Dense, Layer};
use kilograd::tensor::{Tensor, Vector, Zero};

struct Batch {
    inputs: usize,
    outputs: usize,
    x: Vec<f32>,
    w: Vec<f32>,
    b: Vec<f32>,
    dy: Vec<f32>,
    has_bias: bool,
}

/// Runs a case of `dense`.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (samples, inputs, outputs) = (case.count("batch")?, case.count("in")?, case.count("out")?);
    let has_bias = case.flag_or("bias", true)?;
    let batch = Batch {
        inputs,
        outputs,
        x: case.input_of("x", &[samples, inputs])?,
        w: case.input_of("w", &[outputs, inputs])?,
        b: if has_bias { case.input_of("b", &[outputs])? } else { vec![0.0; outputs] },
        dy: case.input_of("dy", &[samples, outputs])?,
        has_bias,
    };
    with_size!(inputs, IN => with_size!(outputs, OUT => run_sized::<IN, OUT>(&batch, comparison)))
}

fn run_sized<const IN: usize, const OUT: usize>(batch: &Batch, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let &Batch { inputs, outputs, .. } = batch;
    let mut layer = zeros::<Dense<IN, OUT>>();
    load_weights(layer.weights.as_mut_slice(), OUT, &batch.w, inputs);
    layer.bias = padded(&batch.b);
    let mut gradient = zeros::<Dense<IN, OUT>>();
    let (mut y, mut dx) = (Vec::new(), Vec::new());
    for (x, dy) in batch.x.chunks(inputs).zip(batch.dy.chunks(outputs)) {
        let (x, mut dy) = (padded(x), padded(dy));
        let (mut output, mut d_input) = (Vector::ZERO, Vector::ZERO);
        layer.forward(&x, &mut output, &mut ());
        layer.backward(&x, &output, &mut (), &mut dy, Some(&mut d_input))?;
        layer.accumulate(&x, &(), &dy, &mut gradient);
        y.extend_from_slice(&output.as_slice()[..outputs]);
        dx.extend_from_slice(&d_input.as_slice()[..inputs]);
    }
    comparison.output("y", &y, LAYER)?;
    comparison.output("dx", &dx, LAYER)?;
    comparison.output("dw", &weights_by_unit(gradient.weights.as_slice(), OUT, inputs, outputs), LAYER)?;
    if batch.has_bias {
        comparison.output("db", &gradient.bias.as_slice()[..outputs], LAYER)?;
    }
    Ok(())
}
