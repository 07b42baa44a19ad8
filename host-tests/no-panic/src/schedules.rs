//! Schedules, growing batches, rate sweeps, starting points, and rules that see a whole tensor.

use core::hint::black_box;
use kilograd::init::{FanInUniform, Orthogonal, RandomWalk, Scheme, Sparse, fit_marginals};
use kilograd::optim::schedule::{
    Anneal, CosineAnnealing, CosineRestarts, CyclicTriangular, InverseSqrt, InverseTime, MultiStepDecay, OneCycle, Plateau,
    PlateauDecay, PolynomialDecay,
};
use kilograd::optim::{Adafactor, Lamb, Lars, NaturalGradient, Shampoo, Tensorwise};
use kilograd::prelude::*;
use kilograd::solver::{Function, Jacobi};
use kilograd::train::{BatchSize, GrowingBatch, RateSweep};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![7 => 5 => Tanh => 3];
type Samples = [(Vector<7>, usize); 3];

pub fn run() {
    let samples = black_box([const { (Vector::ZERO, 0) }; 3]);
    rates();
    black_box(starts(&samples)).unwrap_or_default();
    let _ = black_box((
        train(Lamb::new(black_box(0.1)), &samples),
        train(Lars::new(black_box(0.1), black_box(0.1), Momentum::DEFAULT), &samples),
        train(black_box(Adafactor::DEFAULT), &samples),
        train(black_box(Shampoo::DEFAULT), &samples),
        train(NaturalGradient { beta2: black_box(0.9), epsilon: 0.1 }, &samples),
        sweep(&samples),
        curvature(),
    ));
}

fn rate(schedule: impl Schedule) {
    let _ = black_box((schedule.check(), schedule.learning_rate(black_box(99))));
}

fn rates() {
    rate(black_box(CosineAnnealing { initial: 0.1, last: 0.0, steps: 9 }));
    rate(black_box(CosineRestarts { initial: 0.1, last: 0.0, steps: 9, growth: 2 }));
    rate(black_box(CyclicTriangular { low: 0.1, high: 0.2, steps: 9 }));
    rate(black_box(InverseSqrt { initial: 0.1, decay: 0.1 }));
    rate(black_box(InverseTime { initial: 0.1, decay: 0.1 }));
    rate(black_box(MultiStepDecay { initial: 0.1, factor: 0.5, milestones: [3, 5] }));
    let anneal = black_box(Anneal::Cosine);
    rate(black_box(OneCycle { initial: 0.1, peak: 0.2, last: 0.0, warmup: 3, total: 9, anneal, three_phase: true }));
    rate(black_box(PolynomialDecay { initial: 0.1, steps: 9, power: 2.0 }));
    let mut plateau = Plateau::new(black_box(PlateauDecay::new(0.1)));
    plateau.observe(black_box(1.0));
    rate(plateau);
    black_box(black_box(GrowingBatch { initial: 2, growth: 2, every: 3, most: 9 }).batch_size(black_box(99)));
}

fn starts(samples: &Samples) -> Result<f32, Error> {
    let rng = &mut SplitMix64::seed_from_u64(black_box(1));
    let mut memory = Memory::<Net, Sgd>::ZERO;
    memory.network.initialize(&Orthogonal { gain: black_box(1.0) }, Bias::RECTIFIED, rng);
    memory.network.first.initialize(&black_box(Sparse::MARTENS), Bias::OPEN_GATE, rng);
    memory.network.second.initialize(&black_box(RandomWalk::Relu), Bias::PRECISION, rng);
    FanInUniform.fill(memory.network.first.layer.weights.as_mut_slice(), black_box(9), black_box(9), rng);
    Orthogonal { gain: 1.0 }.fill(memory.network.first.layer.weights.as_mut_slice(), black_box(5), black_box(7), rng);
    fit_marginals(&black_box(Vector::new([1.0; 3])), &mut memory.network.second.bias)?;
    memory.scale_layers(black_box(1.0), samples, 0..3)?;
    memory.scale_layer(black_box(9), 2.0);
    Ok(memory.layer_deviation(black_box(1), samples, 0..3)?.unwrap_or_default())
}

fn train<R: Tensorwise>(rule: R, samples: &Samples) -> Result<f32, Error> {
    let mut memory = Memory::<Net, Then<ClipNorm, R>, Accumulated>::ZERO;
    let rule = Then(ClipNorm::new(black_box(1.0)), rule);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, Plateau::new(PlateauDecay::new(0.1)))?;
    let size = GrowingBatch { initial: 1, growth: 2, every: black_box(1), most: 3 };
    let loss = trainer.epoch(samples, 0..3, size)?;
    trainer.schedule_mut().observe(loss);
    Ok(loss)
}

fn sweep(samples: &Samples) -> Result<Option<f32>, Error> {
    let mut memory = Memory::<Net, Sgd>::ZERO;
    let sweep = RateSweep::run(black_box([0.1, 0.2, 0.3]), |rate| {
        memory.restart();
        Trainer::new(&mut memory, CrossEntropy::default(), Sgd, rate)?.epoch(samples, 0..3)
    })?;
    black_box(sweep.results().count());
    Ok(sweep.choice(black_box(1.0)))
}

fn curvature() -> Result<f32, Error> {
    let mut bowl = Function { value: |[x, ..]: &[f32; 37]| *x, gradient: |x: &[f32; 37]| *x };
    let (mut jacobi, mut gradient) = (Jacobi::ZERO, black_box(Vector::ZERO));
    let rng = &mut SplitMix64::seed_from_u64(black_box(1));
    jacobi.estimate(&mut bowl, &gradient.clone(), black_box(3), black_box(0.1), rng)?;
    jacobi.precondition(black_box(0.1), &mut gradient)?;
    Ok(gradient.norm() + jacobi.diagonal().norm())
}
