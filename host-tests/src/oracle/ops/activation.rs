//! Activations, element by element.

use super::super::Trouble;
use super::super::compare::{ACTIVATION, Comparison, Tolerance};
use super::super::schema::{Case, Document};
use super::padding::padded;
use kilograd::layer::{Gelu, Layer, LeakyRelu, Relu, Sigmoid, Tanh};
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
    elementwise(Gelu, case, comparison, ACTIVATION)
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
