//! A stream that changes, guarded and watched, its samples replayed: cut after any sample and resumed, it ends in the same bits.

use crate::run::samples;
use kilograd::checkpoint::{self, Restore, from_bytes, to_bytes};
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings, Signal};
use kilograd::train::parallel::{Sign, Worker};
use kilograd::train::{
    Curriculum, FadingMean, Guard, GuardedTrainer, Outcome, Progress, Reservoir, SlicedTrainer, fingerprint, zero_one_loss,
};
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};

type Net = network![4 => 6 => Relu => 3];
type Slices<'m> = SlicedTrainer<'m, Net, CrossEntropy, Adam, f32>;
type Guarded<'m, R, M> = GuardedTrainer<'m, Net, CrossEntropy, R, f32, M>;

const SAMPLES: u32 = 240;
/// From this sample on the classes have other names.
const CHANGE: u32 = 120;
/// Samples of a class that are kept.
const KEPT: usize = 3;
const GUARD: Guard = Guard { patience: 1, interval: 8, fading: 0.9, recovery: 1.01, ..Guard::DEFAULT };

/// What a run goes on with, beside its trainer.
struct Watch {
    rng: Xoshiro128PlusPlus,
    drift: (PageHinkley, Ddm),
    error: FadingMean,
    reservoir: Reservoir<Vector<4>, 3, KEPT>,
    sample: u32,
    /// How often the stream was found to have changed.
    drifts: u32,
}

impl Watch {
    fn new(seed: u64) -> Self {
        let page_hinkley = PageHinkleySettings { tolerance: 0.1, threshold: 4.0, ..PageHinkleySettings::DEFAULT };
        let drift = (PageHinkley::new(page_hinkley).unwrap(), Ddm::new(DdmSettings::DEFAULT).unwrap());
        let (rng, error) = (Xoshiro128PlusPlus::seed_from_u64(seed), FadingMean::DEFAULT);
        Self { rng, drift, error, reservoir: Reservoir::ZERO, sample: 0, drifts: 0 }
    }

    /// The next sample: every sixtieth and the one after it are a sensor's that went mad, every fortieth is one's that failed.
    fn next(&mut self) -> (Vector<4>, usize) {
        self.sample += 1;
        let data = samples();
        let (mut input, label) = data[self.rng.next_u32() as usize % data.len()].clone();
        match self.sample {
            number if number % 60 < 2 => input.as_mut_slice().fill(1e6),
            number if number % 40 == 0 => input.as_mut_slice().fill(f32::NAN),
            _ => {}
        }
        (input, if self.sample > CHANGE { (label + 1) % 3 } else { label })
    }

    /// Everything, to be saved with the trainer.
    fn parts(&mut self) -> impl Restore + use<'_> {
        let Self { rng, drift: (page_hinkley, ddm), error, reservoir, sample, drifts } = self;
        ((rng, page_hinkley, ddm), (error, reservoir), (sample, drifts))
    }
}

/// A trainer that takes one step.
trait Guards {
    fn one(&mut self, samples: &[(Vector<4>, usize)]) -> Outcome;
    fn watched(&mut self, input: &Vector<4>, label: usize) -> Option<(f32, bool)>;
    fn forget_all(&mut self);
    fn end(&mut self) -> Vec<u64>;
}

macro_rules! guards {
    ($mode:ident, $step:expr) => {
        impl<R: Elementwise> Guards for Guarded<'_, R, $mode> {
            fn one(&mut self, samples: &[(Vector<4>, usize)]) -> Outcome {
                let step: fn(&mut Self, &[(Vector<4>, usize)]) -> Outcome = $step;
                step(self, samples)
            }

            fn watched(&mut self, input: &Vector<4>, label: usize) -> Option<(f32, bool)> {
                let (loss, output) = self.trainer().evaluate(input, &label).ok()?;
                Some((loss, zero_one_loss(output, label) > 0.0))
            }

            fn forget_all(&mut self) {
                self.forget();
            }

            fn end(&mut self) -> Vec<u64> {
                let counts = [self.steps(), self.skipped(), self.restored()].map(u64::from);
                let reason = self.last_reason().map_or(0, |reason| u64::from(reason.code()));
                let levels = [self.learning_rate(), self.best_loss().unwrap_or(-1.0)].map(|x| u64::from(x.to_bits()));
                let memory = self.trainer().memory();
                let prints = [fingerprint(&memory.network), fingerprint(memory.state())];
                [&prints[..], &counts, &levels, &[reason]].concat()
            }
        }
    };
}

guards!(Fused, |trainer, samples| {
    let mut last = Outcome::Taken(0.0);
    samples.iter().for_each(|(input, label)| last = trainer.step(input, label).unwrap());
    last
});
guards!(Accumulated, |trainer, samples| trainer.step(samples.iter().map(|(input, label)| (input, label))).unwrap());

/// Watches the next sample, and trains on it and on two that were kept.
fn advance(trainer: &mut impl Guards, watch: &mut Watch) {
    let (input, label) = watch.next();
    if let Some((loss, wrong)) = trainer.watched(&input, label).filter(|(loss, _)| *loss < 10.0) {
        watch.error.observe(loss, 0.95).unwrap();
        let signals = [watch.drift.0.observe(loss).unwrap(), watch.drift.1.observe(wrong)];
        if signals.contains(&Signal::Drift) {
            watch.drifts += 1;
            watch.reservoir.clear();
            trainer.forget_all();
        }
    }
    let mut samples = vec![(input.clone(), label)];
    for _ in 0..2 {
        samples.extend(watch.reservoir.draw(&mut watch.rng).map(|(label, kept)| (kept.clone(), label)));
    }
    if let Outcome::Taken(_) = trainer.one(&samples) {
        watch.reservoir.observe(label, &input, &mut watch.rng).unwrap();
    }
}

/// Begins a run with `seed` and hands it to `then`.
fn with_run<R: Elementwise, M: kilograd::train::Mode, T>(
    rule: R,
    seed: u64,
    then: impl FnOnce(&mut Guarded<'_, R, M>, &mut Watch) -> T,
) -> T {
    let (mut memory, mut best) = (Box::new(Memory::<Net, R, M>::ZERO), Box::new(Net::ZERO));
    let mut watch = Watch::new(seed);
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut watch.rng);
    let trainer = Trainer::new(&mut *memory, CrossEntropy::default(), rule, 0.02).unwrap();
    then(&mut GuardedTrainer::new(trainer, &mut best, GUARD).unwrap(), &mut watch)
}

/// What is known of a run at its end: the trainer's part, and everything that a checkpoint of the rest holds.
fn end(trainer: &mut impl Guards, watch: &mut Watch) -> (Vec<u64>, Vec<u8>) {
    let mut bytes = vec![0; 1024];
    let length = to_bytes(&watch.parts(), 0, &mut bytes).unwrap();
    bytes.truncate(length);
    (trainer.end(), bytes)
}

fn cut_anywhere<R: Elementwise + Copy, M: kilograd::train::Mode>(rule: R)
where
    for<'m> Guarded<'m, R, M>: Guards,
{
    let mut saved = Vec::new();
    let whole = with_run::<R, M, _>(rule, 1, |trainer, watch| {
        for sample in 0..SAMPLES {
            let mut bytes = vec![0; 4096];
            let length = to_bytes(&(&*trainer, watch.parts()), sample, &mut bytes).unwrap();
            bytes.truncate(length);
            saved.push(bytes);
            advance(trainer, watch);
        }
        // Nothing of what is to be resumed was left at its beginning.
        assert!(watch.drifts > 0 && watch.error.mean().is_some(), "{} drifts", watch.drifts);
        assert!((0..3).all(|class| watch.reservoir.of_class(class).len() == KEPT));
        assert!(trainer.restored() > 0 && trainer.skipped() > trainer.restored() && trainer.best_loss().is_some(), "{trainer:?}");
        end(trainer, watch)
    });
    for (cut, bytes) in saved.iter().enumerate().step_by(3) {
        with_run::<R, M, _>(rule, 2, |trainer, watch| {
            (0..9).for_each(|_| advance(trainer, watch));
            assert_eq!(from_bytes(&mut (&mut *trainer, watch.parts()), bytes), Ok(cut as u32));
            (cut as u32..SAMPLES).for_each(|_| advance(trainer, watch));
            assert_eq!(end(trainer, watch), whole, "cut after {cut} samples");
        });
    }
}

#[test]
fn guarded_steps() {
    cut_anywhere::<_, Fused>(Adam::DEFAULT);
    cut_anywhere::<_, Fused>(Sgd);
}

#[test]
fn guarded_batches() {
    cut_anywhere::<_, Accumulated>(Momentum::NESTEROV);
}

/// Between two steps a sliced trainer shows the trainer that it slices, to be saved and restored.
#[test]
fn steps_in_slices() {
    type Ram = Memory<Net, Adam>;
    let data = samples();
    let mut bytes = vec![0; checkpoint::size::<Ram>()];
    let step = |trainer: &mut Slices<'_>, sample: usize| {
        trainer.begin(&data[sample].0, data[sample].1).unwrap();
        while trainer.advance(20).unwrap() == Progress::More {
            assert_eq!(trainer.trainer().err(), Some(Error::StepUnfinished));
        }
    };
    let with_memory = |seed, then: &mut dyn FnMut(&mut Slices<'_>)| {
        let mut memory = Box::new(Ram::ZERO);
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(seed));
        then(&mut SlicedTrainer::new(Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.02).unwrap()));
        fingerprint(&memory.network)
    };
    let mut length = 0;
    let whole = with_memory(1, &mut |trainer| {
        (0..50).for_each(|sample| step(trainer, sample));
        length = to_bytes(&*trainer.trainer().unwrap(), 1, &mut bytes).unwrap();
        (50..90).for_each(|sample| step(trainer, sample));
    });
    let resumed = with_memory(2, &mut |trainer| {
        step(trainer, 100);
        from_bytes(trainer.trainer().unwrap(), &bytes[..length]).unwrap();
        (50..90).for_each(|sample| step(trainer, sample));
    });
    assert_eq!(resumed, whole);
}

/// An epoch of a curriculum that has begun is drawn again from the generator as it was, and gone into as far as it had come.
#[test]
fn curricula() {
    type Order = (Curriculum<30>, SplitMix64, u32);
    let mut bytes = vec![0; checkpoint::size::<Order>()];
    let mut rng = SplitMix64::seed_from_u64(1);
    let mut curriculum = Curriculum::<30>::ZERO;
    (0..30).for_each(|index| curriculum.rate(index, (index * 7 % 30) as f32 / 8.0));
    let began = rng.clone();
    let mut order = curriculum.mixed(40, 0.3, &mut rng);
    let come = order.by_ref().take(17).count() as u32;
    let length = to_bytes(&(&curriculum, began, come), 1, &mut bytes).unwrap();
    let rest: Vec<_> = order.collect();
    let next: Vec<_> = curriculum.easiest(0.5, &mut rng).collect();

    let (mut other, mut generator, mut come) = (Curriculum::<30>::ZERO, SplitMix64::seed_from_u64(2), 0);
    from_bytes(&mut (&mut other, &mut generator, &mut come), &bytes[..length]).unwrap();
    assert_eq!(other, curriculum);
    assert_eq!(other.mixed(40, 0.3, &mut generator).skip(come as usize).collect::<Vec<_>>(), rest);
    assert_eq!(other.easiest(0.5, &mut generator).collect::<Vec<_>>(), next);
}

/// What a worker's messages left unsaid is said after a reset.
#[test]
fn workers() {
    let trained = |round: u32| {
        let mut network = Net::ZERO;
        network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(u64::from(round)));
        network
    };
    let answer = |worker: &mut Worker<Net>, round| {
        let mut message = Vec::new();
        let begun = worker.begin(&trained(round));
        let mut put = |bytes: &[u8]| -> Result<(), Error> {
            message.extend_from_slice(bytes);
            Ok(())
        };
        begun.answer(&trained(round + 100), &Sign, &mut put).unwrap();
        message
    };
    let (mut whole, mut bytes) = (Worker::<Net>::ZERO, vec![0; checkpoint::size::<Worker<Net>>()]);
    answer(&mut whole, 1);
    let length = to_bytes(&whole, 1, &mut bytes).unwrap();
    let mut resumed = Worker::<Net>::ZERO;
    answer(&mut resumed, 7);
    from_bytes(&mut resumed, &bytes[..length]).unwrap();
    assert_eq!(answer(&mut resumed, 2), answer(&mut whole, 2));
    assert_eq!(resumed, whole);
    assert_ne!(answer(&mut Worker::default(), 3), answer(&mut whole, 3));
}
