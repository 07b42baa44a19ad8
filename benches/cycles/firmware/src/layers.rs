//! Layers of width 32, forward and backward: work is counted in values.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::layer::{
    Dropout, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, LayerNorm, LeakyRelu, LogSoftmax, Maxout, Recurrent, Relu, RmsNorm,
    Sigmoid, Silu, Softmax, Softplus, Tanh,
};
use kilograd::prelude::*;

/// How wide a layer is.
const N: usize = 32;

pub fn run() {
    let source = &mut Source::new();
    layer("layer relu 32", Relu::<N>, source);
    layer("layer leaky_relu 32", LeakyRelu::<N>::default(), source);
    layer("layer elu 32", Elu::<N>::default(), source);
    layer("layer gelu 32", Gelu::<N>, source);
    layer("layer gelu_tanh 32", GeluTanh::<N>, source);
    layer("layer silu 32", Silu::<N>, source);
    layer("layer softplus 32", Softplus::<N>, source);
    layer("layer sigmoid 32", Sigmoid::<N>, source);
    layer("layer tanh 32", Tanh::<N>, source);
    layer("layer hard_sigmoid 32", HardSigmoid::<N>, source);
    layer("layer hard_swish 32", HardSwish::<N>, source);
    layer("layer softmax 32", Softmax::<N>, source);
    layer("layer log_softmax 32", LogSoftmax::<N>, source);
    layer("layer layer_norm 32", LayerNorm::<N>::ZERO, source);
    layer("layer rms_norm 32", RmsNorm::<N>::ZERO, source);
    layer("layer dropout 32", Dropout::<N>::ZERO, source);
    layer("layer maxout 32x32, 2 pieces", Maxout::<N, N, 2>::ZERO, source);
    layer("layer recurrent 8x32, 4 steps", Recurrent::<8, N, 4, 4>::ZERO, source);
}

/// A training pass with random parameters, without what an optimizer does.
fn layer<L: Layer>(name: &str, mut layer: L, source: &mut Source) {
    layer.visit_mut(&mut |group| source.fill(group));
    let (mut x, mut d_input, mut y, mut d_output) = (L::Input::ZERO, L::Input::ZERO, L::Output::ZERO, L::Output::ZERO);
    source.fill(x.as_mut_slice());
    source.fill(d_output.as_mut_slice());
    let mut tape = L::Tape::ZERO;
    let passed = measure(name, L::Output::COUNT, || {
        let (layer, x, d_output) = black_box((&layer, &x, &mut d_output));
        layer.forward_training(x, &mut y, &mut tape);
        let passed = layer.backward(x, &y, &mut tape, d_output, Some(&mut d_input));
        black_box((&y, &d_input, d_output));
        passed
    });
    assert!(passed.is_ok());
}
