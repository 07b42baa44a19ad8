//! Activations, element by element.

use super::super::Trouble;
use super::super::compare::{ACTIVATION, Comparison, Tolerance};
use super::super::schema::{Case, Document};
use super::padding::{classes, padded, with_size};
use kilograd::layer::{
    Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Layer, LeakyRelu, LogSoftmax, Relu, Sigmoid, Silu, Softmax, Softplus, Tanh,
};
use kilograd::tensor::{Tensor, Vector, Zero};

/// How many elements a layer is shown at a time; the last ones are padded.
const WIDTH: usize = 64;

/// `relu`, which rounds nothing.
pub(super) fn relu(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Relu, case, comparison, Tolerance::Exact)
}

/// `leaky_relu`.
pub(super) fn leaky_relu(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(LeakyRelu::new(case.setting("alpha")?), case, comparison, ACTIVATION)
}

/// `sigmoid`.
pub(super) fn sigmoid(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Sigmoid, case, comparison, ACTIVATION)
}

/// `tanh`.
pub(super) fn tanh(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Tanh, case, comparison, ACTIVATION)
}

/// `gelu_tanh`.
pub(super) fn gelu_tanh(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(GeluTanh, case, comparison, ACTIVATION)
}

/// `elu`.
pub(super) fn elu(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Elu::new(case.setting("alpha")?), case, comparison, ACTIVATION)
}

/// `gelu`.
pub(super) fn gelu(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Gelu, case, comparison, ACTIVATION)
}

/// `silu`.
pub(super) fn silu(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Silu, case, comparison, ACTIVATION)
}

/// `softplus`.
pub(super) fn softplus(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(Softplus, case, comparison, ACTIVATION)
}

/// `hard_sigmoid`.
pub(super) fn hard_sigmoid(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(HardSigmoid, case, comparison, ACTIVATION)
}

/// `hard_swish`.
pub(super) fn hard_swish(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    elementwise(HardSwish, case, comparison, ACTIVATION)
}

/// `softmax`.
pub(super) fn softmax(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    with_size!(classes(case)?, N => by_row(Softmax::<N>, case, comparison))
}

/// `log_softmax`.
pub(super) fn log_softmax(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    with_size!(classes(case)?, N => by_row(LogSoftmax::<N>, case, comparison))
}

/// A layer whose outputs depend on all inputs of a row. Rows are filled up with −∞, which has no share in a softmax.
fn by_row<A, const N: usize>(layer: A, case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble>
where
    A: Layer<Input = Vector<N>, Output = Vector<N>, Tape = ()>,
{
    let (x, classes) = (case.input("x")?, classes(case)?);
    let dy = case.input_of("dy", &x.shape)?;
    let (mut y, mut dx) = (Vec::new(), Vec::new());
    for (x, dy) in x.values.chunks(classes).zip(dy.chunks(classes)) {
        let input = Vector::from_fn(|i| x.get(i).copied().unwrap_or(f32::NEG_INFINITY));
        let (mut output, mut d_input) = (Vector::ZERO, Vector::ZERO);
        layer.forward(&input, &mut output, &mut ());
        layer.backward(&input, &output, &mut (), &mut padded(dy), Some(&mut d_input))?;
        y.extend_from_slice(&output.as_slice()[..classes]);
        dx.extend_from_slice(&d_input.as_slice()[..classes]);
    }
    comparison.output("y", &y, ACTIVATION)?;
    comparison.output("dx", &dx, ACTIVATION)
}

fn elementwise<A>(layer: A, case: &Case, comparison: &mut Comparison<'_>, tolerance: Tolerance) -> Result<(), Trouble>
where
    A: Layer<Input = Vector<WIDTH>, Output = Vector<WIDTH>, Tape = ()>,
{
    let x = case.input("x")?;
    let dy = case.input_of("dy", &x.shape)?;
    let (mut y, mut dx) = (Vec::new(), Vec::new());
    for (x, dy) in x.values.chunks(WIDTH).zip(dy.chunks(WIDTH)) {
        let (mut output, mut d_input) = (Vector::ZERO, Vector::ZERO);
        layer.forward(&padded(x), &mut output, &mut ());
        layer.backward(&padded(x), &output, &mut (), &mut padded(dy), Some(&mut d_input))?;
        y.extend_from_slice(&output.as_slice()[..x.len()]);
        dx.extend_from_slice(&d_input.as_slice()[..x.len()]);
    }
    comparison.output("y", &y, tolerance)?;
    comparison.output("dx", &dx, tolerance)
}
