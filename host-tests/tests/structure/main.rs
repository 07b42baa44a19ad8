//! What changes the shape of training: batches as tensors, layers that stay what they are, connections that skip.

mod autoencoder;
mod batch_norm;
mod batches;
mod depth;
mod frozen;
mod kfac;
mod stages;

use kilograd::layer::Layer;
use kilograd::tensor::{Vector, Zero};
use kilograd::train::{ConfusionMatrix, Dataset};
use kilograd_tasks::digits::Digits;

/// What a trained layer says.
fn infer<L: Layer>(layer: &L, input: &L::Input) -> L::Output {
    let (mut output, mut tape) = (L::Output::ZERO, L::Tape::ZERO);
    layer.forward(input, &mut output, &mut tape);
    output
}

/// The share of the digits that were held out which `network` names right.
fn accuracy<N: Layer<Input = Vector<64>, Output = Vector<10>>>(network: &N) -> f32 {
    let (test, mut confusion) = (Digits::test(), ConfusionMatrix::<10>::new());
    for index in 0..test.len() {
        let mut input = Vector::ZERO;
        let label = test.load(index, &mut input).expect("the index is in range");
        confusion.record_output(label, &infer(network, &input)).expect("the label is in range");
    }
    confusion.accuracy()
}
