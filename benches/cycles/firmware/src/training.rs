//! Averages, monitors and orders of samples, for a 64-32-10 network (2,410 parameters) and batches of 8.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Exponential, Polyak};
use kilograd::train::monitor::{DeadUnits, Spread, update_ratios};
use kilograd::train::{Curriculum, FadingMean};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use static_cell::ConstStaticCell;

type Net = network![64 => 32 => Relu => 10];

const SAMPLES: usize = 256;

static MEMORY: ConstStaticCell<Memory<Net, Sgd, Accumulated>> = ConstStaticCell::new(Memory::ZERO);
static OTHER: ConstStaticCell<Memory<Net, Sgd, Accumulated>> = ConstStaticCell::new(Memory::ZERO);
static AVERAGE: ConstStaticCell<Average<Net>> = ConstStaticCell::new(Average::ZERO);
static START: ConstStaticCell<Net> = ConstStaticCell::new(Net::ZERO);
static CURRICULUM: ConstStaticCell<Curriculum<SAMPLES>> = ConstStaticCell::new(Curriculum::ZERO);

pub fn run() {
    let mut source = Source::new();
    let batch: [(Vector<64>, usize); 8] = core::array::from_fn(|i| (Vector::new(source.array()), i));
    let (memory, other, start) = (MEMORY.take(), OTHER.take(), START.take());
    memory.network.initialize(&HeUniform, Bias::Constant(0.1), &mut Xoshiro128PlusPlus::seed_from_u64(1));
    other.network.copy_from(&memory.network);
    averages(&memory.network);
    monitors(memory, other, start, &batch);
    orders();
}

/// The second network each.
fn averages(network: &Net) {
    let average = AVERAGE.take();
    let ready = average.observe(&Polyak, network);
    let polyak = measure("average, Polyak", Net::COUNT, || average.observe(&Polyak, black_box(network)));
    let rule = black_box(Exponential { decay: 0.99 });
    let exponential = measure("average, exponential", Net::COUNT, || average.observe(&rule, black_box(network)));
    assert!(ready.is_ok() && polyak.is_ok() && exponential.is_ok());
}

type Ram = Memory<Net, Sgd, Accumulated>;

fn monitors(memory: &mut Ram, other: &mut Ram, start: &mut Net, batch: &[(Vector<64>, usize); 8]) {
    let (mut spread, mut dead) = (Spread::DEFAULT, DeadUnits::<32>::DEFAULT);
    let Ok(mut trainer) = Trainer::new(other, CrossEntropy::default(), Sgd, 0.01) else { panic!("the rate is valid") };
    let accumulated = batch.iter().all(|(input, label)| trainer.accumulate(input, label).is_ok());
    let Ok(mut trainer) = Trainer::new(memory, CrossEntropy::default(), Sgd, 0.01) else { panic!("the rate is valid") };
    let curvature =
        measure("monitor, curvature of 8 samples", Net::COUNT, || trainer.curvature(black_box(&batch[..]), 0..8, start));
    measure("merge of two cores", Net::COUNT, || trainer.merge(black_box(&mut *other)));
    black_box(measure("monitor, gradient norm", Net::COUNT, || trainer.gradient_norm()));
    let applied = trainer.apply();
    let see = &mut |ratio| {
        black_box(ratio);
    };
    measure("monitor, update ratios", Net::COUNT, || update_ratios(black_box(start), trainer.network(), see));
    let rectified = |see: &mut dyn FnMut(&[f32])| {
        trainer.visit_signals(&mut |place, values, _| {
            if place == 1 {
                see(black_box(values));
            }
        });
    };
    measure("monitor, spread of 32 units", 32, || rectified(&mut |values| spread.observe(values)));
    measure("monitor, dead units of 32", 32, || rectified(&mut |values| dead.observe(values)));
    let mut error = FadingMean::DEFAULT;
    let observed = measure("fading mean", 1, || error.observe(black_box(1.0), black_box(0.99)));
    black_box((spread, dead));
    assert!(accumulated && curvature.is_ok() && applied.is_ok() && observed.is_ok());
}

fn orders() {
    let curriculum = CURRICULUM.take();
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    (0..SAMPLES).for_each(|index| curriculum.rate(index, (index * 37 % SAMPLES) as f32 / 64.0));
    let easy = measure("curriculum, easier half of 256", SAMPLES, || curriculum.easiest(black_box(0.5), rng).count());
    let mixed = measure("curriculum, mix of 256", SAMPLES, || curriculum.mixed(SAMPLES, black_box(0.3), rng).count());
    assert!(easy == SAMPLES / 2 && mixed == SAMPLES);
}
