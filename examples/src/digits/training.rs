//! Training, and what is remembered of it.

use super::{Optimizer, Options};
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::{ConfusionMatrix, fingerprint};
use kilograd_tasks::digits::{self, CLASSES, Digits, Net, PIXELS};
use std::time::{Duration, Instant};

/// How an epoch went.
#[derive(Clone, Copy, Debug)]
pub struct EpochRecord {
    /// Its number, from 1.
    pub epoch: u32,
    /// Mean loss of the training samples, each before the step it took.
    pub training_loss: f32,
    /// Mean loss of the test samples after the epoch.
    pub test_loss: f32,
    /// The share of the test samples read right after the epoch.
    pub accuracy: f32,
}

/// A test sample that the trained network takes for another digit.
#[derive(Clone, Debug)]
pub struct Misread {
    /// From 0, paper, to 1, ink.
    pub pixels: [f32; PIXELS],
    /// What it is.
    pub label: usize,
    /// What the network takes it for.
    pub predicted: usize,
}

/// The RAM of the training state, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Ram {
    /// Weights and biases.
    pub parameters: usize,
    /// What the optimizer remembers.
    pub optimizer: usize,
    /// What the backward pass needs.
    pub tape: usize,
    /// Everything: the above and three counters.
    pub total: usize,
}

/// What training came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Epoch by epoch.
    pub history: Vec<EpochRecord>,
    /// How the test samples are read at the end.
    pub confusion: ConfusionMatrix<CLASSES>,
    /// The test samples read wrong at the end.
    pub misread: Vec<Misread>,
    /// How many steps were taken.
    pub steps: u32,
    /// How many numbers were trained.
    pub parameters: usize,
    /// What that took.
    pub ram: Ram,
    /// The time of all steps, without that of evaluation.
    pub time: Duration,
    /// [`fingerprint`] of the trained weights.
    pub weights: u64,
}

/// Trains as `options` say and tells `observe` of every epoch.
///
/// # Errors
/// What the library refuses: loss or gradient grew beyond all bounds, most likely.
pub fn train(options: &Options, observe: impl FnMut(&EpochRecord)) -> Result<Outcome, Error> {
    match options.optimizer {
        Optimizer::Sgd => train_by(Sgd, options, observe),
        Optimizer::Momentum => train_by(Momentum::DEFAULT, options, observe),
        Optimizer::Nesterov => train_by(Momentum::NESTEROV, options, observe),
        Optimizer::Adam => train_by(Adam::DEFAULT, options, observe),
        Optimizer::AdamW => train_by(AdamW::new(0.01), options, observe),
    }
}

/// The recipe that a firmware follows too, to the same bits: nothing else may be drawn from `rng`.
fn train_by<R: Elementwise>(rule: R, options: &Options, mut observe: impl FnMut(&EpochRecord)) -> Result<Outcome, Error> {
    let mut memory = Box::new(Memory::<Net, R>::ZERO);
    let mut rng = digits::initialize(&mut memory.network, options.seed);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, options.rate())?;
    let (training, test) = (Digits::training(), Digits::test());
    let (mut history, mut confusion, mut time) = (Vec::new(), ConfusionMatrix::new(), Duration::ZERO);
    for epoch in 1..=options.epochs {
        let start = Instant::now();
        let training_loss = trainer.epoch(&training, Shuffle::new(digits::TRAINING, &mut rng))?;
        time += start.elapsed();
        confusion = ConfusionMatrix::new();
        let test_loss = trainer.evaluate_all(&test, 0..test.len(), |label, output| confusion.record_output(*label, output))?;
        let record = EpochRecord { epoch, training_loss, test_loss, accuracy: confusion.accuracy() };
        observe(&record);
        history.push(record);
    }
    let misread = misread(&test, |input| trainer.predict(input).argmax())?;
    let (steps, weights) = (trainer.steps(), fingerprint(trainer.network()));
    Ok(Outcome {
        history,
        confusion,
        misread,
        steps,
        parameters: Memory::<Net, R>::PARAMETERS,
        ram: Ram::of::<R>(),
        time,
        weights,
    })
}

/// The samples for which `predict` does not name the label.
fn misread(samples: &Digits, mut predict: impl FnMut(&Vector<PIXELS>) -> Option<usize>) -> Result<Vec<Misread>, Error> {
    let mut input = Vector::ZERO;
    let mut misread = Vec::new();
    for index in 0..samples.len() {
        let label = samples.load(index, &mut input)?;
        match predict(&input) {
            Some(predicted) if predicted != label => misread.push(Misread { pixels: *input.as_array(), label, predicted }),
            _ => {}
        }
    }
    Ok(misread)
}

impl Ram {
    fn of<R: Elementwise>() -> Self {
        Self {
            parameters: Memory::<Net, R>::PARAMETER_BYTES,
            optimizer: Memory::<Net, R>::STATE_BYTES,
            tape: Memory::<Net, R>::TAPE_BYTES,
            total: Memory::<Net, R>::RAM_BYTES,
        }
    }
}

impl Outcome {
    /// The share of the test samples read right at the end.
    pub fn accuracy(&self) -> f32 {
        self.confusion.accuracy()
    }
}
