//! Kernels and training steps beside what else a Rust program could call, in one run and on the same numbers.
//!
//! `cargo bench -p kilograd-benches --bench peers -- --warm-up-time 0.02 --measurement-time 0.1 --sample-size 30 --noplot`, then
//! `cargo run --release -p kilograd-benches --bin report` for the page. nalgebra's products go through the crate `matrixmultiply` where they are large.
// The crate `gemm` takes pointers; what is compiled for a vector unit is called where it is there.
#![allow(unsafe_code)]

mod candidates;
mod peak;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::{batch_network, network};
use kilograd_benches::plain;
use kilograd_benches::random;
use kilograd_simd::kernel::{self, AdamStep};
use nalgebra::{DMatrix, SMatrix, SVector};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::hint::black_box;

fn vectors<const N: usize>(c: &mut Criterion) {
    let (a, mut b) = (random(N, 1), random(N, 2));
    let x = SVector::<f32, N>::from_column_slice(&a);
    let mut y = SVector::<f32, N>::from_column_slice(&b);
    let mut group = c.benchmark_group(format!("dot {N}"));
    group.throughput(Throughput::Elements(2 * N as u64));
    group.bench_function("kilograd", |bench| bench.iter(|| kernel::dot(black_box(&a), black_box(&b))));
    group.bench_function("nalgebra", |bench| bench.iter(|| black_box(&x).dot(black_box(&y))));
    let (arch, level) = (pulp::Arch::new(), fearless_simd::Level::new());
    group.bench_function("wide", |bench| bench.iter(|| candidates::by_wide(black_box(&a), black_box(&b))));
    group.bench_function("pulp", |bench| bench.iter(|| candidates::by_pulp(arch, black_box(&a), black_box(&b))));
    group.bench_function("fearless_simd", |bench| {
        bench.iter(|| candidates::by_fearless_simd(level, black_box(&a), black_box(&b)));
    });
    group.bench_function("plain arrays", |bench| bench.iter(|| candidates::by_arrays(black_box(&a), black_box(&b))));
    group.finish();
    let mut group = c.benchmark_group(format!("axpy {N}"));
    group.throughput(Throughput::Elements(2 * N as u64));
    group.bench_function("kilograd", |bench| {
        bench.iter(|| kernel::axpy(black_box(1e-9), black_box(&a), black_box(&mut b)));
    });
    group.bench_function("nalgebra", |bench| bench.iter(|| black_box(&mut y).axpy(black_box(1e-9), black_box(&x), 1.0)));
    group.finish();
}

/// One sample through a dense layer; nalgebra is column-major, so that its matrix of OUT rows lies as the input-major one.
fn layer<const IN: usize, const OUT: usize>(c: &mut Criterion) {
    let weights = random(IN * OUT, 1);
    let (x, bias, d) = (random(IN, 2), random(OUT, 3), random(OUT, 4));
    let (mut y, mut dx) = (vec![0.0; OUT], vec![0.0; IN]);
    let matrix = Box::new(SMatrix::<f32, OUT, IN>::from_column_slice(&weights));
    let (input, delta) = (SVector::<f32, IN>::from_column_slice(&x), SVector::<f32, OUT>::from_column_slice(&d));
    let (mut output, mut d_input) = (SVector::<f32, OUT>::zeros(), SVector::<f32, IN>::zeros());
    let mut group = c.benchmark_group(format!("forward {IN}x{OUT}"));
    group.throughput(Throughput::Elements(2 * (IN * OUT) as u64));
    group.bench_function("kilograd", |b| {
        b.iter(|| kernel::matvec(black_box(&weights), black_box(&x), &bias, black_box(&mut y)));
    });
    group.bench_function("nalgebra", |b| {
        b.iter(|| black_box(&mut output).gemv(1.0, black_box(&matrix), black_box(&input), 0.0));
    });
    group.finish();
    let mut group = c.benchmark_group(format!("to inputs {IN}x{OUT}"));
    group.throughput(Throughput::Elements(2 * (IN * OUT) as u64));
    group.bench_function("kilograd", |b| {
        b.iter(|| kernel::matvec_transposed(black_box(&weights), black_box(&d), black_box(&mut dx)));
    });
    group.bench_function("nalgebra", |b| {
        b.iter(|| black_box(&mut d_input).gemv_tr(1.0, black_box(&matrix), black_box(&delta), 0.0));
    });
    group.finish();
}

/// A batch of 32 through a dense layer.
fn products(c: &mut Criterion) {
    const SAMPLES: usize = 32;
    for (inputs, outputs) in [(64, 32), (784, 128)] {
        let (weights, x) = (random(inputs * outputs, 1), random(SAMPLES * inputs, 2));
        let (bias, mut y) = (vec![0.0; outputs], vec![0.0; SAMPLES * outputs]);
        let mut group = c.benchmark_group(format!("product {SAMPLES}x{inputs}x{outputs}"));
        group.throughput(Throughput::Elements(2 * (SAMPLES * inputs * outputs) as u64));
        group.bench_function("kilograd", |b| {
            b.iter(|| kernel::product(black_box(&x), black_box(&weights), &bias, black_box(&mut y)));
        });
        group.bench_function("gemm", |b| b.iter(|| gemm(black_box(&x), black_box(&weights), black_box(&mut y), outputs)));
        let (w, input) = (DMatrix::from_vec(outputs, inputs, weights.clone()), DMatrix::from_vec(inputs, SAMPLES, x.clone()));
        let mut output = DMatrix::zeros(outputs, SAMPLES);
        group.bench_function("nalgebra", |b| {
            b.iter(|| black_box(&mut output).gemm(1.0, black_box(&w), black_box(&input), 0.0));
        });
        group.finish();
    }
}

/// C ← A·B, row-major, by the crate of that name.
fn gemm(a: &[f32], b: &[f32], c: &mut [f32], columns: usize) {
    let depth = b.len() / columns;
    let rows = a.len() / depth;
    assert!(a.len() == rows * depth && b.len() == depth * columns && c.len() == rows * columns);
    let (across, a_row, row) = (1, depth as isize, columns as isize);
    let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
    let one = gemm::Parallelism::None;
    // SAFETY: the slices have as many elements as rows, columns and depth ask for, as asserted; `c` is borrowed alone.
    unsafe {
        gemm::gemm(
            rows, columns, depth, c, across, row, false, a, across, a_row, b, across, row, 0.0, 1.0, false, false, false, one,
        );
    }
}

fn adam(c: &mut Criterion) {
    const COUNT: usize = 100_000;
    let step = AdamStep { rate: 1e-9, beta1: 0.9, gain1: 0.1, beta2: 0.999, gain2: 0.001, root_correction: 1.0, epsilon: 1e-8 };
    let (mut weights, gradient) = (random(COUNT, 1), random(COUNT, 2));
    let (mut m, mut v) = (vec![0.0; COUNT], vec![0.0; COUNT]);
    let mut group = c.benchmark_group(format!("adam {COUNT}"));
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("kilograd", |b| {
        b.iter(|| kernel::adam(&step, black_box(&mut weights), black_box(&gradient), &mut m, black_box(&mut v)));
    });
    group.bench_function("plain loops", |b| {
        b.iter(|| plain::portable::adam(black_box(&mut weights), black_box(&gradient), &mut m, black_box(&mut v), 1e-9));
    });
    group.finish();
}

/// Weights stay what they are however long the benchmark runs: with larger rates units die in the end, what a rule remembers of them
/// decays to subnormal numbers, and on such an x86-64 takes ten times as long with those, whoever computes.
const RATE: f32 = 1e-20;

/// What all train on, where it lies.
fn inputs<const IN: usize, const B: usize>() -> Vec<f32> {
    random(B * IN, 3)
}

/// Whole steps of IN–HIDDEN–10: ReLU, softmax and cross-entropy, SGD with momentum or Adam.
fn step<const IN: usize, const HIDDEN: usize, const B: usize>(
    c: &mut Criterion,
    rule: &str,
    mut kilograd: impl FnMut(&[usize; B]),
) {
    let values = inputs::<IN, B>();
    let labels: [usize; B] = std::array::from_fn(|s| s % 10);
    let mut group = c.benchmark_group(format!("step {IN}-{HIDDEN}-10 batch {B} {rule}"));
    group.throughput(Throughput::Elements(B as u64));
    group.bench_function("kilograd", |b| b.iter(|| kilograd(&labels)));

    let weights = [random(IN * HIDDEN, 4), random(HIDDEN * 10, 5)];
    let (rows, _) = values.as_chunks::<IN>();
    let input: Box<[[f32; IN]; B]> = rows.to_vec().into_boxed_slice().try_into().expect("B rows");
    let by_adam = rule == "adam";
    let mut network = plain::portable::Plain::<IN, HIDDEN, 10>::new(&weights[0], &weights[1]);
    let mut state = plain::portable::State::<IN, HIDDEN, 10, B>::new();
    group.bench_function("plain loops", |b| {
        b.iter(|| network.step(black_box(&input), &labels, &mut state, RATE, by_adam));
    });
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        let mut network = plain::avx2::Plain::<IN, HIDDEN, 10>::new(&weights[0], &weights[1]);
        let mut state = plain::avx2::State::<IN, HIDDEN, 10, B>::new();
        group.bench_function("plain loops with AVX2", |b| {
            // SAFETY: the processor has these features, as was just asked (BMI2 came with AVX2).
            b.iter(|| unsafe { network.step(black_box(&input), &labels, &mut state, RATE, by_adam) });
        });
    }
    group.finish();
}

/// A batch as one tensor.
fn batch<N, R: Rule, const IN: usize, const HIDDEN: usize, const B: usize>(c: &mut Criterion, name: &str, rule: R)
where
    N: Layer<Input = Matrix<B, IN>, Output = Matrix<B, 10>>,
{
    let mut memory = Box::new(Memory::<N, R, Accumulated>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), rule, RATE).expect("valid settings");
    let mut input = Box::new(Matrix::<B, IN>::ZERO);
    input.as_mut_slice().copy_from_slice(&inputs::<IN, B>());
    step::<IN, HIDDEN, B>(c, name, |labels| _ = trainer.step([(black_box(&*input), labels)]).expect("valid samples"));
}

/// One sample, the gradient never stored.
fn single<N, R: Elementwise, const IN: usize, const HIDDEN: usize>(c: &mut Criterion, name: &str, rule: R)
where
    N: Layer<Input = Vector<IN>, Output = Vector<10>>,
{
    let mut memory = Box::new(Memory::<N, R, Fused>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE).expect("valid settings");
    let mut input = Vector::<IN>::ZERO;
    input.as_mut_slice().copy_from_slice(&inputs::<IN, 1>());
    step::<IN, HIDDEN, 1>(c, name, |[label]| _ = trainer.step(black_box(&input), label).expect("a valid sample"));
}

macro_rules! batches {
    ($c:ident, $($input:literal, $hidden:literal, $batch:literal;)*) => {$({
        type Net = batch_network![$batch; $input => $hidden => Relu => 10];
        batch::<Net, _, $input, $hidden, $batch>($c, "momentum", Momentum::DEFAULT);
        batch::<Net, _, $input, $hidden, $batch>($c, "adam", Adam::DEFAULT);
    })*};
}

fn all_vectors(c: &mut Criterion) {
    vectors::<64>(c);
    vectors::<256>(c);
    vectors::<4096>(c);
}

fn layers(c: &mut Criterion) {
    layer::<64, 32>(c);
    layer::<784, 128>(c);
}

fn all_steps(c: &mut Criterion) {
    type Net = network![64 => 32 => Relu => 10];
    single::<Net, _, 64, 32>(c, "momentum", Momentum::DEFAULT);
    single::<Net, _, 64, 32>(c, "adam", Adam::DEFAULT);
    batches! { c, 64, 32, 8; 64, 32, 32; 64, 32, 128; 784, 128, 32; }
}

criterion_group!(benches, peak::peak, all_vectors, layers, products, adam, all_steps);
criterion_main!(benches);
