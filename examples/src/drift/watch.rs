//! The loop "drift → train → stop", and beside it a network that is not trained again.

use super::stream::{self, LOOKS, Look};
use super::{Options, Test};
use kilograd::prelude::*;
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings, Signal};
use kilograd::train::{FadingMean, Reservoir, zero_one_loss};
use kilograd_tasks::digits::{self, CLASSES, Net, PIXELS};
use rand_xoshiro::Xoshiro128PlusPlus;

/// An older error counts so much less: a window of about 200 samples.
const FADING: f32 = 0.995;
/// Training stops when the running error is below.
const GOOD: f32 = 0.08;
/// And not before the running error has forgotten what was before.
const LEAST: u32 = 400;
/// How many samples of each class are kept to be replayed.
const KEPT: usize = 8;
/// How many of them are trained on with each new one.
const REPLAYED: usize = 3;
/// A point of the picture for so many samples.
pub const EVERY: u32 = 50;

/// What is known of a stretch of the stream.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The running error of the network that watches itself.
    pub error: f32,
    /// That of the one that is not trained again.
    pub untrained: f32,
    /// The share of samples that were trained on.
    pub trained: f32,
}

/// A time of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Training {
    /// The sample, counted from 1, at which it began.
    pub from: u32,
    /// The sample after which it stopped; `None` if the stream ended before.
    pub to: Option<u32>,
}

/// What came of a stream.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Stretch by stretch.
    pub history: Vec<Record>,
    /// When there was training; the first is how everything began.
    pub trainings: Vec<Training>,
    /// For each look, the shares of samples misread: by the network that watches itself, and by the untrained one.
    pub errors: [(f32, f32); LOOKS.len()],
    /// How many samples came.
    pub samples: u32,
    /// How many of them were trained on.
    pub trained: u32,
}

/// Either test.
enum Watch {
    Ddm(Ddm),
    PageHinkley(PageHinkley),
}

impl Watch {
    fn new(test: Test) -> Result<Self, Error> {
        Ok(match test {
            // Samples are drawn by the thousand: three deviations would be exceeded by chance.
            Test::Ddm => Self::Ddm(Ddm::new(DdmSettings { warning: 3.0, drift: 5.0, least: 100 })?),
            Test::PageHinkley => {
                Self::PageHinkley(PageHinkley::new(PageHinkleySettings { tolerance: 0.1, ..PageHinkleySettings::DEFAULT })?)
            }
        })
    }

    fn observe(&mut self, loss: f32, wrong: bool) -> Result<Signal, Error> {
        match self {
            Self::Ddm(test) => Ok(test.observe(wrong)),
            Self::PageHinkley(test) => test.observe(loss),
        }
    }
}

/// Watches the stream and tells `observe` of every stretch.
///
/// # Errors
/// What the library refuses.
pub fn watch(options: &Options, mut observe: impl FnMut(&Record)) -> Result<Outcome, Error> {
    let (mut memory, mut untrained) = (Memory::<Net, Sgd>::ZERO, Memory::<Net, Sgd>::ZERO);
    let mut rng = digits::initialize(&mut memory.network, options.seed);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, digits::SGD_RATE)?;
    let mut other = Trainer::new(&mut untrained, CrossEntropy::default(), Sgd, digits::SGD_RATE)?;
    let mut reservoir = Reservoir::<Vector<PIXELS>, CLASSES, KEPT>::ZERO;
    let mut test = Watch::new(options.test)?;
    let (mut error, mut other_error) = (FadingMean::DEFAULT, FadingMean::DEFAULT);
    // Nothing is known yet: the first thing to do is to train.
    let (mut trainings, mut is_training) = (vec![Training { from: 1, to: None }], true);
    let (mut history, mut errors, mut trained, mut trained_before) = (Vec::new(), [(0.0, 0.0); LOOKS.len()], 0, 0);
    for number in 1..=options.samples * LOOKS.len() as u32 {
        let phase = ((number - 1) / options.samples) as usize;
        let (input, label) = stream::draw(LOOKS[phase], &mut rng)?;
        // Tested first, then trained on: the error is that of samples never seen.
        let (loss, output) = trainer.evaluate(&input, &label)?;
        let wrong = zero_one_loss(output, label);
        // Until the first training is over there is only one network.
        let is_first = is_training && trainings.len() == 1;
        let other_wrong = if is_first { wrong } else { zero_one_loss(other.predict(&input), label) };
        error.observe(wrong, FADING)?;
        other_error.observe(other_wrong, FADING)?;
        errors[phase].0 += wrong / options.samples as f32;
        errors[phase].1 += other_wrong / options.samples as f32;
        if is_training {
            train(&mut trainer, &mut reservoir, &input, label, &mut rng)?;
            trained += 1;
            let begun = trainings.last().map_or(0, |training| training.from);
            if number - begun >= LEAST && error.mean().is_some_and(|error| error < GOOD) {
                is_training = false;
                test = Watch::new(options.test)?;
                if let Some(training) = trainings.last_mut() {
                    training.to = Some(number);
                }
                if is_first {
                    other.network_mut().copy_from(trainer.network());
                }
            }
        } else if test.observe(loss, wrong > 0.0)? == Signal::Drift {
            // What was kept shows what no longer comes.
            reservoir.clear();
            is_training = true;
            trainings.push(Training { from: number, to: None });
        }
        if number % EVERY == 0 {
            let mean = |error: &FadingMean| error.mean().unwrap_or_default();
            let share = (trained - trained_before) as f32 / EVERY as f32;
            let record = Record { error: mean(&error), untrained: mean(&other_error), trained: share };
            trained_before = trained;
            observe(&record);
            history.push(record);
        }
    }
    Ok(Outcome { history, trainings, errors, samples: options.samples * LOOKS.len() as u32, trained })
}

/// Trains on a new sample and on a few of those kept, as many of each class.
fn train(
    trainer: &mut Trainer<'_, Net, CrossEntropy, Sgd, f32>,
    reservoir: &mut Reservoir<Vector<PIXELS>, CLASSES, KEPT>,
    input: &Vector<PIXELS>,
    label: usize,
    rng: &mut Xoshiro128PlusPlus,
) -> Result<(), Error> {
    trainer.step(input, &label)?;
    for _ in 0..REPLAYED {
        if let Some((label, input)) = reservoir.draw(rng) {
            trainer.step(input, &label)?;
        }
    }
    reservoir.observe(label, input, rng).map(|_| ())
}

impl Outcome {
    /// For each change of the stream, the number of the sample at which it came, and how many samples later training began; `None`
    /// if it did not, or had not stopped.
    pub fn noticed(&self) -> impl Iterator<Item = (Look, u32, Option<u32>)> {
        let samples = self.samples / LOOKS.len() as u32;
        LOOKS.into_iter().zip(0..).skip(1).map(move |(look, number)| {
            let change = number * samples + 1;
            let of_phase = change..change + samples;
            let found = self.trainings.iter().find(|training| of_phase.contains(&training.from));
            (look, change, found.map(|training| training.from - change))
        })
    }
}
