//! Layers that divide by a deviation, forward, backward, and their gradients over a batch.

use super::super::Trouble;
use super::super::compare::{Comparison, Group, LAYER, Tolerance, of_largest};
use super::super::schema::{Case, Document};
use super::padding::padded;
use kilograd::layer::{Layer, LayerNorm, RmsNorm};
use kilograd::tensor::{Tensor, Vector, Zero};

/// Where all inputs are nearly alike the differences between them keep few digits: measured 2.4e-5.
const NEARLY_ALIKE: Tolerance = of_largest(2e-4, Group::Tensor);

/// Evaluates `$run` with the constant `$N` set to the width: zeros beside the inputs would change their mean.
macro_rules! with_width {
    ($width:expr, $N:ident => $run:expr; $($size:literal)+) => {
        match $width {
            $($size => {
                const $N: usize = $size;
                $run
            })+
            width => Err(Trouble::Failed(format!(
                "the runner is not compiled for a normalisation of {width} features: add the width to norm.rs"
            ))),
        }
    };
}

/// `layer_norm`.
pub(super) fn layer_norm(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let plain = matches!(case.text("mode")?, "plain" | "tiny");
    let tolerance = if plain { LAYER } else { NEARLY_ALIKE };
    with_width!(case.count("features")?, N => {
        let mut layer = LayerNorm::<N>::default();
        layer.gain = padded(&case.input_of("gamma", &[N])?);
        layer.bias = padded(&case.input_of("beta", &[N])?);
        layer.set_epsilon(case.setting("eps")?)?;
        let (d_gain, d_bias) = run(layer, case, comparison, tolerance)?;
        comparison.output("dgamma", d_gain.as_slice(), tolerance)?;
        comparison.output("dbeta", d_bias.as_slice(), tolerance)
    }; 4 6 8 17)
}

/// `rms_norm`.
pub(super) fn rms_norm(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    with_width!(case.count("features")?, N => {
        let mut layer = RmsNorm::<N>::default();
        layer.gain = padded(&case.input_of("gamma", &[N])?);
        layer.set_epsilon(case.setting("eps")?)?;
        let d_gain = run(layer, case, comparison, LAYER)?;
        comparison.output("dgamma", d_gain.as_slice(), LAYER)
    }; 5 16)
}

/// Compares values and gradients sample by sample; returns the parameters' gradient, summed over the batch.
fn run<L, const N: usize>(
    layer: L,
    case: &Case,
    comparison: &mut Comparison<'_>,
    tolerance: Tolerance,
) -> Result<L::Gradient, Trouble>
where
    L: Layer<Input = Vector<N>, Output = Vector<N>>,
{
    let shape = [case.count("batch")?, N];
    let (x, dy) = (case.input_of("x", &shape)?, case.input_of("dy", &shape)?);
    let (mut gradient, mut tape) = (L::Gradient::ZERO, L::Tape::ZERO);
    let (mut y, mut dx) = (Vec::new(), Vec::new());
    for (x, dy) in x.chunks(N).zip(dy.chunks(N)) {
        let (x, mut dy) = (padded(x), padded(dy));
        let (mut output, mut d_input) = (Vector::ZERO, Vector::ZERO);
        layer.forward(&x, &mut output, &mut tape);
        layer.backward(&x, &output, &mut tape, &mut dy, Some(&mut d_input))?;
        layer.accumulate(&x, &tape, &dy, &mut gradient);
        y.extend_from_slice(output.as_slice());
        dx.extend_from_slice(d_input.as_slice());
    }
    comparison.output("y", &y, tolerance)?;
    comparison.output("dx", &dx, tolerance)?;
    Ok(gradient)
}
