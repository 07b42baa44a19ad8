//! How many instructions kernels and training steps take, counted by valgrind: the same on every machine that has AVX2 (valgrind has
//! nothing wider), whatever else it does.

use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use kilograd::batch_network;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::hint::black_box;

/// What is never freed: that would be counted.
type Numbers = &'static mut [f32];

/// Numbers from −1 to 1, never zero. A kernel was called once, so that the processor has been asked what it has.
fn random(count: usize) -> Numbers {
    kernel::scale(1.0, &mut [0.0]);
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(count as u64);
    (0..count).map(|_| (rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0 + f32::EPSILON).collect::<Vec<_>>().leak()
}

fn two(count: usize) -> [Numbers; 2] {
    [count; 2].map(random)
}

/// Weights, their gradient, and two numbers each that a rule remembers.
fn four(count: usize) -> [Numbers; 4] {
    [count; 4].map(random)
}

/// Weights, inputs, what belongs to the outputs, and room for either.
fn layer((inputs, outputs): (usize, usize)) -> [Numbers; 4] {
    [inputs * outputs, inputs, outputs, inputs.max(outputs)].map(random)
}

fn batch((samples, inputs, outputs): (usize, usize, usize)) -> (usize, [Numbers; 4]) {
    (samples, [inputs * outputs, samples * inputs, samples * outputs, outputs].map(random))
}

#[library_benchmark(setup = two)]
#[bench::ten(10)]
#[bench::some(64)]
#[bench::many(4096)]
fn dot([x, y]: [Numbers; 2]) -> f32 {
    kernel::dot(black_box(x), black_box(y))
}

#[library_benchmark(setup = two)]
#[bench::ten(10)]
#[bench::some(64)]
#[bench::many(4096)]
fn axpy([x, y]: [Numbers; 2]) {
    kernel::axpy(black_box(0.5), black_box(x), black_box(y));
}

#[library_benchmark(setup = layer)]
#[bench::first((64, 32))]
#[bench::last((32, 10))]
#[bench::large((784, 128))]
fn matvec([w, x, bias, y]: [Numbers; 4]) {
    kernel::matvec(black_box(w), black_box(x), bias, &mut y[..bias.len()]);
}

#[library_benchmark(setup = layer)]
#[bench::first((64, 32))]
#[bench::last((32, 10))]
#[bench::large((784, 128))]
fn matvec_transposed([w, x, d, y]: [Numbers; 4]) {
    kernel::matvec_transposed(black_box(w), black_box(d), &mut y[..x.len()]);
}

#[library_benchmark(setup = layer)]
#[bench::first((64, 32))]
#[bench::last((32, 10))]
fn rank_one([w, x, d, _]: [Numbers; 4]) {
    kernel::rank_one(black_box(0.5), black_box(x), black_box(d), w);
}

#[library_benchmark(setup = batch)]
#[bench::first((32, 64, 32))]
#[bench::last((32, 32, 10))]
fn product((_, [w, x, y, bias]): (usize, [Numbers; 4])) {
    kernel::product(black_box(x), black_box(w), bias, y);
}

#[library_benchmark(setup = batch)]
#[bench::first((32, 64, 32))]
#[bench::last((32, 32, 10))]
fn transposed_product((samples, [w, x, d, _]): (usize, [Numbers; 4])) {
    kernel::transposed_product(samples, black_box(x), black_box(d), w);
}

#[library_benchmark(setup = batch)]
#[bench::first((32, 64, 32))]
#[bench::last((32, 32, 10))]
fn product_transposed((samples, [w, x, d, _]): (usize, [Numbers; 4])) {
    kernel::product_transposed(samples, black_box(d), black_box(w), x);
}

#[library_benchmark(setup = four)]
#[bench::layer(64 * 32)]
fn momentum([w, gradient, velocity, _]: [Numbers; 4]) {
    let step = MomentumStep { learning_rate: 0.01, momentum: 0.9, gain: 1.0, nesterov: false };
    kernel::momentum(black_box(&step), w, black_box(gradient), velocity);
}

#[library_benchmark(setup = four)]
#[bench::layer(64 * 32)]
fn adam([w, gradient, m, v]: [Numbers; 4]) {
    let step = AdamStep { rate: 0.01, beta1: 0.9, gain1: 0.1, beta2: 0.999, gain2: 0.001, root_correction: 1.0, epsilon: 1e-8 };
    kernel::adam(black_box(&step), w, black_box(gradient), m, v);
}

#[library_benchmark(setup = two)]
#[bench::ten(10)]
#[bench::hundred(100)]
fn softmax([x, y]: [Numbers; 2]) -> (f32, f32) {
    kernel::softmax(black_box(x), y)
}

#[library_benchmark(setup = random)]
#[bench::some(64)]
fn tanh(x: Numbers) {
    kernel::tanh(black_box(x));
}

type Net = network![64 => 32 => Relu => 10];

type Step = &'static mut dyn FnMut();

/// Ready for a step: one was taken, so that nothing happens for the first time.
fn single<R: Elementwise + 'static>(rule: R) -> Step {
    let values = random(64);
    let input = Vector::from_fn(|i| values[i]);
    let memory = Box::leak(Box::new(Memory::<Net, R>::ZERO));
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), rule, 0.01).expect("valid settings");
    let mut step = move || {
        trainer.step(black_box(&input), black_box(&3)).expect("a valid sample");
    };
    step();
    Box::leak(Box::new(step))
}

fn many<N, R: Rule + 'static, const B: usize>(rule: R) -> Step
where
    N: Layer<Input = Matrix<B, 64>, Output = Matrix<B, 10>> + 'static,
{
    let values = random(B * 64);
    let input = Box::new(Matrix::<B, 64>::from_fn(|s, i| values[s * 64 + i]));
    let labels: [usize; B] = std::array::from_fn(|s| s % 10);
    let memory = Box::leak(Box::new(Memory::<N, R, Accumulated>::ZERO));
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(memory, BatchMean(CrossEntropy::default()), rule, 0.01).expect("valid settings");
    let mut step = move || {
        trainer.step([(black_box(&*input), black_box(&labels))]).expect("valid samples");
    };
    step();
    Box::leak(Box::new(step))
}

type Eight = batch_network![8; 64 => 32 => Relu => 10];
type ThirtyTwo = batch_network![32; 64 => 32 => Relu => 10];

#[library_benchmark]
#[bench::sgd(single(Sgd))]
#[bench::momentum(single(Momentum::DEFAULT))]
#[bench::adam(single(Adam::DEFAULT))]
#[bench::sgd_8(many::<Eight, _, 8>(Sgd))]
#[bench::momentum_8(many::<Eight, _, 8>(Momentum::DEFAULT))]
#[bench::adam_8(many::<Eight, _, 8>(Adam::DEFAULT))]
#[bench::sgd_32(many::<ThirtyTwo, _, 32>(Sgd))]
#[bench::momentum_32(many::<ThirtyTwo, _, 32>(Momentum::DEFAULT))]
#[bench::adam_32(many::<ThirtyTwo, _, 32>(Adam::DEFAULT))]
fn step(step: Step) {
    step();
}

library_benchmark_group!(
    name = kernels;
    benchmarks = dot, axpy, matvec, matvec_transposed, rank_one, product, transposed_product, product_transposed, momentum, adam,
        softmax, tanh
);
library_benchmark_group!(name = steps; benchmarks = step);

main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = [kernels, steps]
);
