//! A training that can be cut after any sample.

use kilograd::checkpoint::{Restore, Save, Sink, Source};
use kilograd::optim::Elementwise;
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Polyak};
use kilograd::train::{FadingMean, fingerprint};
use kilograd_tasks::iris;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::sync::OnceLock;

/// Masks, too, must be drawn as they would have been.
pub type Net = network![4 => 8 => Tanh => Dropout => 3];

/// The iris flowers.
pub fn samples() -> &'static [(Vector<4>, usize); iris::SAMPLES] {
    static SAMPLES: OnceLock<[(Vector<4>, usize); iris::SAMPLES]> = OnceLock::new();
    SAMPLES.get_or_init(iris::load)
}

/// Everything that a run goes on with.
pub struct Run<R: Rule, M: kilograd::train::Mode> {
    pub memory: Box<Memory<Net, R, M>>,
    pub order: Shuffle,
    pub rng: Xoshiro128PlusPlus,
    pub plateau: Plateau,
    pub error: FadingMean,
    pub best: EarlyStopping<Net>,
    pub mean: Average<Net>,
    pub samples: u32,
}

impl<R: Rule, M: kilograd::train::Mode> Run<R, M> {
    pub fn new(seed: u64) -> Self {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
        let mut memory = Box::new(Memory::<Net, R, M>::ZERO);
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
        let order = Shuffle::new(iris::TRAINING, &mut rng);
        let plateau = Plateau::new(PlateauDecay { patience: 3, factor: 0.5, ..PlateauDecay::new(0.01) });
        Self { memory, order, rng, plateau, error: FadingMean::DEFAULT, best: Zero::ZERO, mean: Zero::ZERO, samples: 0 }
    }

    /// The next sample: another epoch begins where one ends.
    fn next(&mut self) -> (Vector<4>, usize) {
        self.samples += 1;
        let index = self.order.next().unwrap_or_else(|| {
            self.order = Shuffle::new(iris::TRAINING, &mut self.rng);
            self.order.next().unwrap()
        });
        samples()[index].clone()
    }

    fn observe(&mut self, loss: f32) {
        let mean = self.error.observe(loss, 0.9).unwrap();
        self.plateau.observe(mean);
        let _ = self.best.observe(mean, &self.memory.network, 100);
        self.mean.observe(&Polyak, &self.memory.network).unwrap();
    }

    /// What a run is known by in the end.
    pub fn end(&self) -> [u64; 3] {
        let kept = self.mean.network().map_or(0, fingerprint);
        let mut best = self.memory.network.clone();
        self.best.restore(&mut best);
        [fingerprint(&self.memory.network), kept, fingerprint(&best)]
    }
}

/// Trains on the next sample.
pub trait Trained {
    fn sample(&mut self, rule: impl Copy + Into<Self::Rule>);
    type Rule;
}

impl<R: Elementwise> Trained for Run<R, Fused> {
    type Rule = R;

    fn sample(&mut self, rule: impl Copy + Into<R>) {
        let (input, label) = self.next();
        let mut trainer = Trainer::new(&mut self.memory, CrossEntropy::default(), rule.into(), &self.plateau).unwrap();
        let loss = trainer.step(&input, &label).unwrap();
        self.observe(loss);
    }
}

/// Five samples a step.
impl<R: Rule> Trained for Run<R, Accumulated> {
    type Rule = R;

    fn sample(&mut self, rule: impl Copy + Into<R>) {
        let (input, label) = self.next();
        let mut trainer = Trainer::new(&mut self.memory, CrossEntropy::default(), rule.into(), &self.plateau).unwrap();
        trainer.accumulate(&input, &label).unwrap();
        if self.samples.is_multiple_of(5) {
            let loss = trainer.apply().unwrap();
            self.observe(loss);
        }
    }
}

impl<R: Rule, M: kilograd::train::Mode> Save for Run<R, M> {
    const WORDS: usize = <(Memory<Net, R, M>, Shuffle, Xoshiro128PlusPlus, Plateau, FadingMean, u32)>::WORDS
        + <(EarlyStopping<Net>, Average<Net>)>::WORDS;

    fn save(&self, to: &mut impl Sink) {
        (&*self.memory, &self.order, &self.rng, self.plateau, self.error, self.samples).save(to);
        (&self.best, &self.mean).save(to);
    }
}

impl<R: Rule, M: kilograd::train::Mode> Restore for Run<R, M> {
    fn restore(&mut self, from: &mut impl Source) {
        (&mut *self.memory, &mut self.order, &mut self.rng).restore(from);
        (&mut self.plateau, &mut self.error, &mut self.samples).restore(from);
        (&mut self.best, &mut self.mean).restore(from);
    }
}
