//! Networks that classify and regress, and what trains them.

use core::hint::black_box;
use kilograd::init::LecunTruncatedNormal;
use kilograd::loss::WeightedCrossEntropy;
use kilograd::optim::schedule::{ExponentialDecay, LinearDecay, StepDecay, WarmupCosine};
use kilograd::prelude::*;
use kilograd::train::{ConfusionMatrix, Verdict, fingerprint};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Rectified = network![64 => 32 => Relu => 16 => LeakyRelu => 10];
type Squashed = network![7 => 5 => Tanh => 4 => Sigmoid => 3 => GeluTanh => 3 => Identity => 2];

/// 64 pixels and a class: what lies in flash.
struct Samples([[u8; 65]; 3]);

impl Dataset for Samples {
    type Input = Vector<64>;
    type Target = usize;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn load(&self, index: usize, input: &mut Vector<64>) -> Result<usize, Error> {
        let Some([pixels @ .., class]) = self.0.get(index) else { return Err(self.out_of_range(index)) };
        for (x, pixel) in input.as_mut_slice().iter_mut().zip(pixels) {
            *x = f32::from(*pixel);
        }
        Ok(usize::from(*class))
    }
}

pub fn run() {
    let samples = black_box(Samples([[1; 65]; 3]));
    let _ = black_box((classify(&samples), regress()));
}

fn classify(samples: &Samples) -> Result<u64, Error> {
    let rng = &mut SplitMix64::seed_from_u64(black_box(1));
    let mut memory = Memory::<Rectified, Then<ClipNorm, AdamW>, Accumulated>::ZERO;
    memory.network.initialize(&HeUniform, Bias::Zero, rng);
    let loss = WeightedCrossEntropy { inner: CrossEntropy { label_smoothing: 0.1 }, class_weights: black_box(Vector::ZERO) };
    let schedule = WarmupCosine { initial: 0.0, peak: 0.1, last: 0.0, warmup: 3, total: black_box(1000) };
    let mut trainer = Trainer::new(&mut memory, loss, Then(ClipNorm::new(1.0), AdamW::new(0.1)), schedule)?;
    trainer.epoch(samples, Shuffle::new(samples.len(), rng), black_box(8))?;
    let mut confusion = ConfusionMatrix::<10>::new();
    let loss = trainer.evaluate_all(samples, 0..3, |label, output| confusion.record_output(*label, output))?;
    let mut stopping = EarlyStopping::<Rectified>::ZERO;
    if stopping.observe(loss, trainer.network(), black_box(3)) == Verdict::Stop {
        stopping.restore(trainer.network_mut());
    }

    let mut fused = Memory::<Rectified, Then<ClipValue, Momentum>>::ZERO;
    fused.network.copy_from(trainer.network());
    let rule = Then(ClipValue { bound: 1.0 }, Momentum::NESTEROV);
    let schedule = StepDecay { initial: 0.1, factor: 0.5, every: black_box(100) };
    let mut trainer = Trainer::new(&mut fused, CrossEntropy::default(), rule, schedule)?;
    trainer.epoch(samples, Shuffle::new(samples.len(), rng))?;
    Ok(fingerprint(trainer.network()) ^ u64::from(confusion.correct()))
}

fn regress() -> Result<f32, Error> {
    let rng = &mut SplitMix64::seed_from_u64(black_box(1));
    let (input, target) = black_box((Vector::<7>::ZERO, Vector::<2>::ZERO));
    let mut memory = Memory::<Squashed, Sgd>::ZERO;
    memory.network.initialize(&GlorotNormal, Bias::Constant(0.1), rng);
    let schedule = LinearDecay { initial: 0.1, last: 0.001, steps: black_box(10) };
    Trainer::new(&mut memory, MeanSquaredError, Sgd, schedule)?.step(&input, &target)?;

    let mut memory = Memory::<Squashed, Adam>::ZERO;
    memory.network.initialize(&LecunTruncatedNormal, Bias::Zero, rng);
    let schedule = ExponentialDecay { initial: 0.1, factor: black_box(0.9) };
    Trainer::new(&mut memory, BinaryCrossEntropy::default(), Adam::DEFAULT, schedule)?.step(&input, &target)
}
