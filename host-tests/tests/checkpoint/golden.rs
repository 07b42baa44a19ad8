//! What version 1 has written so far is written today, and read: the files beside this one are from when their parts could first
//! be saved. A change that this notices asks for another version.

use kilograd::checkpoint::{Restore, from_bytes, to_bytes};
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Polyak};
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings};
use kilograd::train::parallel::{Sign, Worker};
use kilograd::train::{Curriculum, FadingMean, Guard, GuardedTrainer, Outcome, Reason, Reservoir};
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};

type Net = network![2 => 3 => Relu => Dropout => 2];
type Ram = Memory<Net, Adam, Accumulated>;

/// Compares what `state` saves with a file, and what the file puts in the place of `other`.
fn assert_is_written_and_read(state: &impl Restore, other: &mut impl Restore, file: &[u8]) {
    let write = |state: &dyn Fn(&mut [u8]) -> usize| {
        let mut bytes = vec![0; 4096];
        let length = state(&mut bytes);
        bytes.truncate(length);
        bytes
    };
    assert!(write(&|to| to_bytes(state, 5, to).unwrap()) == file, "version 1 is written otherwise");
    assert!(write(&|to| to_bytes(other, 5, to).unwrap()) != file);
    assert_eq!(from_bytes(other, file), Ok(5));
    assert!(write(&|to| to_bytes(other, 5, to).unwrap()) == file, "version 1 is read otherwise");
}

/// A batch that has begun after two steps, an epoch, a schedule, and what is kept and counted beside it.
#[test]
fn training() {
    let begun = |seed: u64| {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
        let mut memory = Ram::ZERO;
        memory.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng);
        let (mut best, mut mean) = (EarlyStopping::<Net>::ZERO, Average::<Net>::ZERO);
        let (mut plateau, mut error) = (Plateau::new(PlateauDecay::new(0.1)), FadingMean::DEFAULT);
        let mut ddm = Ddm::new(DdmSettings::DEFAULT).unwrap();
        let mut page_hinkley = PageHinkley::new(PageHinkleySettings::DEFAULT).unwrap();
        let (input, label) = (Vector::new([1.0, -0.5]), 1);
        for _ in 0..2 {
            let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, &plateau).unwrap();
            let loss = trainer.step([(&input, &label)]).unwrap();
            plateau.observe(loss);
            let _ = best.observe(loss, &memory.network, 3);
            mean.observe(&Polyak, &memory.network).unwrap();
            let _ = (error.observe(loss, 0.9).unwrap(), ddm.observe(true), page_hinkley.observe(loss).unwrap());
        }
        Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.1).unwrap().accumulate(&input, &label).unwrap();
        let mut order = Shuffle::new(7, &mut rng);
        order.next();
        let mut other = SplitMix64::seed_from_u64(seed);
        other.next_u64();
        ((memory, order, rng, other, 7 * seed as u32, 0.5), (plateau, best, mean, error, ddm, page_hinkley))
    };
    assert_is_written_and_read(&begun(1), &mut begun(2), include_bytes!("version-1-training.kgcp"));
}

/// A guarded run with a step that was not taken, two samples of three kept, two that are rated, and what a message left unsaid.
#[test]
fn streams() {
    let mut rng = SplitMix64::seed_from_u64(1);
    let ((mut memory, mut best), (mut other_memory, mut other_best)) = ((Ram::ZERO, Net::ZERO), (Ram::ZERO, Net::ZERO));
    memory.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng);
    let guard = Guard { interval: 1, ..Guard::DEFAULT };
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.1).unwrap();
    let mut guarded = GuardedTrainer::new(trainer, &mut best, guard).unwrap();
    let trainer = Trainer::new(&mut other_memory, CrossEntropy::default(), Adam::DEFAULT, 0.1).unwrap();
    let other = GuardedTrainer::new(trainer, &mut other_best, guard).unwrap();

    let (mut kept, mut hard, mut unsaid) = (Reservoir::<Vector<2>, 2, 2>::ZERO, Curriculum::<5>::ZERO, Worker::<Net>::ZERO);
    for (input, label) in [([1.0, -0.5], 1), ([0.5, 0.25], 0), ([f32::NAN, 0.0], 0)] {
        let input = Vector::new(input);
        match guarded.step([(&input, &label)]).unwrap() {
            Outcome::Taken(_) => assert!(kept.observe(label, &input, &mut rng).unwrap()),
            outcome => assert_eq!(outcome, Outcome::Skipped(Reason::InputNotFinite)),
        }
    }
    hard.rate(0, 0.5);
    hard.rate(4, 2.0);
    unsaid.begin(&Net::ZERO).answer(guarded.network(), &Sign, &mut |_| Ok::<_, Error>(())).unwrap();
    let mut other = (other, Reservoir::<Vector<2>, 2, 2>::ZERO, Curriculum::<5>::ZERO, Worker::<Net>::ZERO);
    assert_is_written_and_read(&(guarded, kept, hard, unsaid), &mut other, include_bytes!("version-1-streams.kgcp"));
}
