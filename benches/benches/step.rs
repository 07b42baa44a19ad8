//! Whole training steps: ReLU, softmax and cross-entropy, batches of 1, 8 and 32.
//!
//! `cargo bench -p kilograd-benches --bench step`

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd_benches::random;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::hint::black_box;

type Small = network![64 => 32 => Relu => 10];
type Large = network![784 => 128 => Relu => 10];

/// So small that the weights stay what they are, however long the benchmark runs.
const RATE: f32 = 1e-20;

fn sample<const N: usize>(seed: u64) -> (Vector<N>, usize) {
    let values = random(N, seed);
    (Vector::from_fn(|i| values[i]), seed as usize % 10)
}

fn start<N: Layer, R: Rule, M: kilograd::train::Mode>() -> Box<Memory<N, R, M>> {
    let mut memory = Box::new(Memory::<N, R, M>::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    memory
}

/// One sample, the gradient never stored; then batches.
fn steps<N, R, const IN: usize>(c: &mut Criterion, network: &str, rule: &str, make: impl Fn() -> R)
where
    N: Layer<Input = Vector<IN>, Output = Vector<10>>,
    R: Elementwise,
{
    let mut group = c.benchmark_group(format!("step/{network}/{rule}"));
    let mut memory = start::<N, R, Fused>();
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), make(), RATE).expect("valid settings");
    let (input, label) = sample::<IN>(1);
    group.throughput(Throughput::Elements(1));
    group.bench_function("fused", |b| b.iter(|| trainer.step(black_box(&input), &label).expect("valid sample")));

    let mut memory = start::<N, R, Accumulated>();
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), make(), RATE).expect("valid settings");
    for batch in [1, 8, 32] {
        let samples: Vec<_> = (0..batch).map(sample::<IN>).collect();
        group.throughput(Throughput::Elements(batch));
        group.bench_function(BenchmarkId::new("batch", batch), |b| {
            b.iter(|| trainer.step(black_box(&samples).iter().map(|(x, t)| (x, t))).expect("valid samples"));
        });
    }
}

fn small(c: &mut Criterion) {
    steps::<Small, Sgd, 64>(c, "64-32-10", "sgd", || Sgd);
    steps::<Small, Momentum, 64>(c, "64-32-10", "momentum", Momentum::default);
    steps::<Small, Adam, 64>(c, "64-32-10", "adam", Adam::default);
}

fn large(c: &mut Criterion) {
    steps::<Large, Momentum, 784>(c, "784-128-10", "momentum", Momentum::default);
    steps::<Large, Adam, 784>(c, "784-128-10", "adam", Adam::default);
}

criterion_group!(benches, small, large);
criterion_main!(benches);
