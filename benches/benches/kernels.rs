//! Every kernel, at the sizes of small networks. Throughput is in elements: multiply-accumulates or parameters.
//!
//! `cargo bench -p kilograd-benches --bench kernels`

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kilograd_benches::random;
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};
use kilograd_simd::math;
use std::hint::black_box;

/// Inputs and outputs of a layer.
const LAYERS: [(usize, usize); 3] = [(64, 32), (32, 10), (784, 128)];
const LENGTHS: [usize; 3] = [64, 256, 4096];

/// One sample through a dense layer.
fn layer(c: &mut Criterion) {
    for (inputs, outputs) in LAYERS {
        let shape = format!("{inputs}x{outputs}");
        let mut weights = random(inputs * outputs, 1);
        let (x, bias, d) = (random(inputs, 2), random(outputs, 3), random(outputs, 4));
        let (mut y, mut dx) = (vec![0.0; outputs], vec![0.0; inputs]);
        let mut group = c.benchmark_group("layer");
        group.throughput(Throughput::Elements((inputs * outputs) as u64));
        group.bench_function(BenchmarkId::new("matvec", &shape), |b| {
            b.iter(|| kernel::matvec(black_box(&weights), black_box(&x), &bias, black_box(&mut y)));
        });
        group.bench_function(BenchmarkId::new("matvec_transposed", &shape), |b| {
            b.iter(|| kernel::matvec_transposed(black_box(&weights), black_box(&d), black_box(&mut dx)));
        });
        group.bench_function(BenchmarkId::new("rank_one", &shape), |b| {
            b.iter(|| kernel::rank_one(black_box(1e-20), black_box(&x), black_box(&d), black_box(&mut weights)));
        });
    }
}

/// A batch of 32 through a dense layer.
fn batch(c: &mut Criterion) {
    const SAMPLES: usize = 32;
    for (inputs, outputs) in LAYERS {
        let shape = format!("{SAMPLES}x{inputs}x{outputs}");
        let (weights, bias) = (random(inputs * outputs, 1), random(outputs, 2));
        let (x, d) = (random(SAMPLES * inputs, 3), random(SAMPLES * outputs, 4));
        let (mut y, mut dx) = (vec![0.0; SAMPLES * outputs], vec![0.0; SAMPLES * inputs]);
        let mut gradient = vec![0.0; inputs * outputs];
        let mut group = c.benchmark_group("batch");
        group.throughput(Throughput::Elements((SAMPLES * inputs * outputs) as u64));
        group.bench_function(BenchmarkId::new("product", &shape), |b| {
            b.iter(|| kernel::product(black_box(&x), black_box(&weights), &bias, black_box(&mut y)));
        });
        group.bench_function(BenchmarkId::new("product_transposed", &shape), |b| {
            b.iter(|| kernel::product_transposed(SAMPLES, black_box(&d), black_box(&weights), black_box(&mut dx)));
        });
        group.bench_function(BenchmarkId::new("transposed_product", &shape), |b| {
            b.iter(|| {
                gradient.fill(0.0);
                kernel::transposed_product(SAMPLES, black_box(&x), black_box(&d), black_box(&mut gradient));
            });
        });
    }
}

/// Reductions and element-wise passes.
fn vector(c: &mut Criterion) {
    for length in LENGTHS {
        let (a, mut b) = (random(length, 1), random(length, 2));
        let mut group = c.benchmark_group("vector");
        group.throughput(Throughput::Elements(length as u64));
        group.bench_function(BenchmarkId::new("dot", length), |bench| {
            bench.iter(|| kernel::dot(black_box(&a), black_box(&b)));
        });
        group.bench_function(BenchmarkId::new("sum", length), |bench| bench.iter(|| kernel::sum(black_box(&a))));
        group.bench_function(BenchmarkId::new("sum_of_magnitudes", length), |bench| {
            bench.iter(|| kernel::sum_of_magnitudes(black_box(&a)));
        });
        group.bench_function(BenchmarkId::new("sum_of_squares", length), |bench| {
            bench.iter(|| kernel::sum_of_squares(black_box(&a), black_box(0.5)));
        });
        group.bench_function(BenchmarkId::new("max_abs", length), |bench| bench.iter(|| kernel::max_abs(black_box(&a))));
        group.bench_function(BenchmarkId::new("axpy", length), |bench| {
            bench.iter(|| kernel::axpy(black_box(1e-20), black_box(&a), black_box(&mut b)));
        });
        group.bench_function(BenchmarkId::new("add", length), |bench| {
            bench.iter(|| kernel::add(black_box(&a), black_box(&mut b)));
        });
        group.bench_function(BenchmarkId::new("scale", length), |bench| {
            bench.iter(|| kernel::scale(black_box(-1.0), black_box(&mut b)));
        });
    }
}

/// Activations and the elementary functions under them.
fn activation(c: &mut Criterion) {
    const LENGTH: usize = 256;
    let (x, mut d, mut y) = (random(LENGTH, 1), random(LENGTH, 2), vec![0.0; LENGTH]);
    let mut group = c.benchmark_group("activation");
    group.throughput(Throughput::Elements(LENGTH as u64));
    group.bench_function("relu", |b| b.iter(|| kernel::relu(black_box(&mut y))));
    group.bench_function("relu_backward", |b| {
        b.iter(|| kernel::relu_backward(black_box(&x), black_box(&mut d)));
    });
    group.bench_function("softmax", |b| b.iter(|| kernel::softmax(black_box(&x), black_box(&mut y))));
    for (name, function) in [("exp", math::exp as fn(f32) -> f32), ("tanh", math::tanh), ("sigmoid", math::sigmoid)] {
        group.bench_function(name, |b| {
            b.iter(|| black_box(&x).iter().zip(black_box(&mut y)).for_each(|(x, y)| *y = function(*x)));
        });
    }
}

/// The optimizers' passes over the parameters.
fn optimizer(c: &mut Criterion) {
    let momentum = MomentumStep { learning_rate: 1e-20, momentum: 0.9, gain: 1.0, nesterov: false };
    let adam = AdamStep { rate: 1e-20, beta1: 0.9, gain1: 0.1, beta2: 0.999, gain2: 0.001, root_correction: 1.0, epsilon: 1e-8 };
    for length in [2_410, 100_000] {
        let (mut weights, gradient) = (random(length, 1), random(length, 2));
        let (mut m, mut v) = (vec![0.0; length], vec![0.0; length]);
        let mut group = c.benchmark_group("optimizer");
        group.throughput(Throughput::Elements(length as u64));
        group.bench_function(BenchmarkId::new("momentum", length), |b| {
            b.iter(|| kernel::momentum(&momentum, black_box(&mut weights), black_box(&gradient), black_box(&mut m)));
        });
        group.bench_function(BenchmarkId::new("adam", length), |b| {
            b.iter(|| kernel::adam(&adam, black_box(&mut weights), black_box(&gradient), &mut m, black_box(&mut v)));
        });
    }
    let (mut weights, x, d) = (random(64 * 32, 1), random(64, 2), random(32, 3));
    let (mut m, mut v) = (vec![0.0; 64 * 32], vec![0.0; 64 * 32]);
    let mut group = c.benchmark_group("optimizer");
    group.throughput(Throughput::Elements(64 * 32));
    group.bench_function("momentum_outer/64x32", |b| {
        b.iter(|| kernel::momentum_outer(&momentum, black_box(&x), &d, black_box(&mut weights), black_box(&mut m)));
    });
    group.bench_function("adam_outer/64x32", |b| {
        b.iter(|| kernel::adam_outer(&adam, black_box(&x), &d, black_box(&mut weights), &mut m, black_box(&mut v)));
    });
}

criterion_group!(benches, layer, batch, vector, activation, optimizer);
criterion_main!(benches);
