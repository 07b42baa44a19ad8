//! Steps in slices, guarded steps, drift and the reservoir.

use core::hint::black_box;
use kilograd::layer::{Chain, LayerNorm, Residual};
use kilograd::prelude::*;
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings, Signal};
use kilograd::train::{Explosion, Guard, GuardedTrainer, Outcome, Progress, Reason, Reservoir, SlicedTrainer};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = Chain<network![5 => 7 => Relu => 6 => Tanh], Chain<LayerNorm<6>, Chain<Residual<network![6 => 6]>, network![6 => 3]>>>;

pub fn run() {
    black_box(&[sliced(), sliced_batch(), guarded(), guarded_batch()]);
    black_box(&watched());
}

fn sample() -> (Vector<5>, usize) {
    black_box((Vector::ZERO, 1))
}

fn sliced() -> Result<f32, Error> {
    let mut memory = Memory::<Net, Adam>::ZERO;
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, black_box(0.1))?;
    let mut trainer = SlicedTrainer::new(trainer);
    let (input, label) = sample();
    trainer.begin(&input, label)?;
    loop {
        if let Progress::Done(loss) = trainer.advance(black_box(7))? {
            let bias = trainer.network()?.second.second.second.bias.norm();
            return Ok(loss + bias + trainer.trainer()?.learning_rate());
        }
    }
}

fn sliced_batch() -> Result<f32, Error> {
    let mut memory = Memory::<Net, Then<ClipNorm, Momentum>, Accumulated>::ZERO;
    let rule = Then(ClipNorm::new(black_box(1.0)), Momentum::DEFAULT);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, black_box(0.1))?;
    let mut trainer = SlicedTrainer::new(trainer);
    let (input, label) = sample();
    trainer.begin(&input, label)?;
    while trainer.advance(black_box(7))? == Progress::More {}
    trainer.begin_apply()?;
    loop {
        if let Progress::Done(loss) = trainer.advance(black_box(7))? {
            return Ok(loss);
        }
    }
}

fn guarded() -> Result<f32, Error> {
    let (mut memory, mut best) = (Memory::<Net, Adam>::ZERO, Net::ZERO);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, black_box(0.1))?;
    let mut trainer = GuardedTrainer::new(trainer, &mut best, black_box(Guard::DEFAULT))?;
    let (input, label) = sample();
    let loss = match trainer.step(&input, &label)? {
        Outcome::Taken(loss) => loss,
        Outcome::Skipped(reason) | Outcome::Restored(reason) => f32::from(reason.code()),
    };
    trainer.forget();
    black_box(Reason::from_code(black_box(3)));
    black_box((trainer.steps(), trainer.skipped(), trainer.restored(), trainer.last_reason().map(Reason::code)));
    Ok(loss + trainer.learning_rate() + trainer.best_loss().unwrap_or(0.0) + trainer.trainer().predict(&input).norm())
}

fn guarded_batch() -> Result<f32, Error> {
    let (mut memory, mut best) = (Memory::<Net, Sgd, Accumulated>::ZERO, Net::ZERO);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, black_box(0.1))?;
    black_box((trainer.memory(), Memory::<Net, Sgd>::shortfall(black_box(100))));
    let guard = Guard { loss: Explosion { factor: 10.0, floor: 1.0 }, ..Guard::DEFAULT };
    let mut trainer = GuardedTrainer::new(trainer, &mut best, black_box(guard))?;
    let (input, label) = sample();
    let outcome = trainer.step([(&input, &label)])?;
    Ok(if let Outcome::Taken(loss) = outcome { loss } else { 0.0 })
}

fn watched() -> Result<Signal, Error> {
    let mut rng = SplitMix64::seed_from_u64(black_box(1));
    let mut reservoir = Reservoir::<Vector<5>, 3, 4>::ZERO;
    let (input, label) = sample();
    for _ in 0..black_box(9) {
        black_box(reservoir.observe(label, &input, &mut rng)?);
    }
    black_box((reservoir.draw(&mut rng).map(|(label, _)| label), reservoir.of_class(black_box(2)).len()));
    black_box((reservoir.len(), reservoir.is_empty(), reservoir.seen(black_box(7))));
    reservoir.clear();
    let mut page_hinkley = PageHinkley::new(black_box(PageHinkleySettings::DEFAULT))?;
    let mut ddm = Ddm::new(black_box(DdmSettings::DEFAULT))?;
    let signal = page_hinkley.observe(black_box(1.0))?;
    let signal = signal.max(ddm.observe(black_box(true)));
    page_hinkley.restart();
    ddm.restart();
    Ok(signal)
}
