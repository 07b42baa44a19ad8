//! The slice kernels, each with the shapes of a 64-32-10 perceptron and batches of 8.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};

const IN: usize = 64;
const HIDDEN: usize = 32;
const OUT: usize = 10;
const BATCH: usize = 8;

/// The compiler must not see a slice's length or contents, nor that nobody reads the result.
fn hide(slice: &[f32]) -> &[f32] {
    black_box(slice)
}

fn hide_mut(slice: &mut [f32]) -> &mut [f32] {
    black_box(slice)
}

pub fn run() {
    let mut source = Source::new();
    products(&mut source);
    batches(&mut source);
    updates(&mut source);
    elements(&mut source);
}

/// The three passes of a layer over one sample.
fn products(source: &mut Source) {
    let mut w = source.array::<{ IN * HIDDEN }>();
    let mut v = source.array::<{ HIDDEN * OUT }>();
    let (mut x, mut h, mut y) = (source.array::<IN>(), source.array::<HIDDEN>(), source.array::<OUT>());
    let (b, c) = (source.array::<HIDDEN>(), source.array::<OUT>());
    measure("matvec 64x32", IN * HIDDEN, || kernel::matvec(hide(&w), hide(&x), hide(&b), hide_mut(&mut h)));
    measure("matvec 32x10", HIDDEN * OUT, || kernel::matvec(hide(&v), hide(&h), hide(&c), hide_mut(&mut y)));
    measure("matvec_transposed 64x32", IN * HIDDEN, || kernel::matvec_transposed(hide(&w), hide(&h), hide_mut(&mut x)));
    measure("matvec_transposed 32x10", HIDDEN * OUT, || kernel::matvec_transposed(hide(&v), hide(&y), hide_mut(&mut h)));
    measure("rank_one 64x32", IN * HIDDEN, || kernel::rank_one(black_box(-0.1), hide(&x), hide(&h), hide_mut(&mut w)));
    measure("rank_one 32x10", HIDDEN * OUT, || kernel::rank_one(black_box(-0.1), hide(&h), hide(&y), hide_mut(&mut v)));
}

/// The three passes of a layer over a batch.
fn batches(source: &mut Source) {
    const FIRST: usize = BATCH * IN * HIDDEN;
    const SECOND: usize = BATCH * HIDDEN * OUT;
    let mut w = source.array::<{ IN * HIDDEN }>();
    let mut v = source.array::<{ HIDDEN * OUT }>();
    let mut x = source.array::<{ BATCH * IN }>();
    let mut h = source.array::<{ BATCH * HIDDEN }>();
    let mut y = source.array::<{ BATCH * OUT }>();
    let (b, c) = (source.array::<HIDDEN>(), source.array::<OUT>());
    measure("product 8x64x32", FIRST, || kernel::product(hide(&x), hide(&w), hide(&b), hide_mut(&mut h)));
    measure("product 8x32x10", SECOND, || kernel::product(hide(&h), hide(&v), hide(&c), hide_mut(&mut y)));
    measure("transposed_product 8x64x32", FIRST, || {
        kernel::transposed_product(black_box(BATCH), hide(&x), hide(&h), hide_mut(&mut w))
    });
    measure("transposed_product 8x32x10", SECOND, || {
        kernel::transposed_product(black_box(BATCH), hide(&h), hide(&y), hide_mut(&mut v))
    });
    measure("product_transposed 8x64x32", FIRST, || {
        kernel::product_transposed(black_box(BATCH), hide(&h), hide(&w), hide_mut(&mut x))
    });
    measure("product_transposed 8x32x10", SECOND, || {
        kernel::product_transposed(black_box(BATCH), hide(&y), hide(&v), hide_mut(&mut h))
    });
}

/// The update rules over the first layer's weights.
fn updates(source: &mut Source) {
    const N: usize = IN * HIDDEN;
    let heavy = black_box(MomentumStep { learning_rate: 0.1, momentum: 0.9, gain: 1.0, nesterov: false });
    let nesterov = black_box(MomentumStep { nesterov: true, ..heavy });
    let step = black_box(AdamStep {
        rate: 1e-3,
        beta1: 0.9,
        gain1: 0.1,
        beta2: 0.999,
        gain2: 1e-3,
        root_correction: 1.0,
        epsilon: 1e-8,
    });
    let (mut w, g, mut m) = (source.array::<N>(), source.array::<N>(), source.array::<N>());
    let mut v = source.array::<N>().map(f32::abs);
    let (x, d) = (source.array::<IN>(), source.array::<HIDDEN>());
    measure("momentum", N, || kernel::momentum(&heavy, hide_mut(&mut w), hide(&g), hide_mut(&mut m)));
    measure("momentum, nesterov", N, || kernel::momentum(&nesterov, hide_mut(&mut w), hide(&g), hide_mut(&mut m)));
    measure("momentum_outer", N, || kernel::momentum_outer(&heavy, hide(&x), hide(&d), hide_mut(&mut w), hide_mut(&mut m)));
    measure("momentum_outer, nesterov", N, || {
        kernel::momentum_outer(&nesterov, hide(&x), hide(&d), hide_mut(&mut w), hide_mut(&mut m))
    });
    measure("adam", N, || kernel::adam(&step, hide_mut(&mut w), hide(&g), hide_mut(&mut m), hide_mut(&mut v)));
    measure("adam_outer", N, || {
        kernel::adam_outer(&step, hide(&x), hide(&d), hide_mut(&mut w), hide_mut(&mut m), hide_mut(&mut v))
    });
}

/// What runs over one slice or two.
fn elements(source: &mut Source) {
    let (a, mut b) = (source.array::<256>(), source.array::<256>());
    let (x, mut y) = (source.array::<IN>(), source.array::<IN>());
    let (mut r, mut dh) = (source.array::<HIDDEN>(), source.array::<HIDDEN>());
    let (z, mut p) = (source.array::<OUT>(), source.array::<OUT>());
    black_box(measure("dot 256", 256, || kernel::dot(hide(&a), hide(&b))));
    black_box(measure("sum 256", 256, || kernel::sum(hide(&a))));
    black_box(measure("sum_of_magnitudes 64", 64, || kernel::sum_of_magnitudes(hide(&a[..64]))));
    black_box(measure("sum_of_squares 256", 256, || kernel::sum_of_squares(hide(&a), black_box(0.5))));
    measure("axpy 256", 256, || kernel::axpy(black_box(0.5), hide(&a), hide_mut(&mut b)));
    measure("add 64", IN, || kernel::add(hide(&x), hide_mut(&mut y)));
    measure("scale 64", IN, || kernel::scale(black_box(0.5), hide_mut(&mut y)));
    black_box(measure("max_abs 64", IN, || kernel::max_abs(hide(&x))));
    measure("relu 32", HIDDEN, || kernel::relu(hide_mut(&mut r)));
    measure("relu_backward 32", HIDDEN, || kernel::relu_backward(hide(&r), hide_mut(&mut dh)));
    black_box(measure("softmax 10", OUT, || kernel::softmax(hide(&z), hide_mut(&mut p))));
}
