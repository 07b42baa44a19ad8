//! Learning rates that must be refused, at the start or in the middle of training.

use crate::twins::{LABELLED, RATE, memory};
use kilograd::optim::Elementwise;
use kilograd::optim::schedule::{
    Anneal, CosineAnnealing, CosineRestarts, CyclicTriangular, ExponentialDecay, InverseSqrt, InverseTime, LinearDecay,
    MultiStepDecay, OneCycle, Plateau, PlateauDecay, PolynomialDecay, StepDecay, Threshold, WarmupCosine,
};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::{Error, Setting};

/// A schedule from outside that goes wrong at step 3.
#[derive(Clone, Copy)]
struct WrongAtThree(f32);

impl Schedule for WrongAtThree {
    fn learning_rate(&self, step: u32) -> f32 {
        if step == 3 { self.0 } else { RATE }
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// Whether the error is about this learning rate (NaN is not equal to itself).
fn is_rate(error: Option<Error>, rate: f32) -> bool {
    matches!(error, Some(Error::LearningRate(got)) if got.to_bits() == rate.to_bits())
}

fn check_fused<R: Elementwise + Copy>(rule: R, wrong: f32) {
    let (mut memory, mut twin) = (memory::<R, Fused>(), memory::<R, Fused>());
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, WrongAtThree(wrong)).unwrap();
    assert!(is_rate(trainer.epoch(&LABELLED[..], 0..4).err(), wrong));
    assert_eq!(trainer.steps(), 3);
    for (input, label) in &LABELLED {
        assert!(is_rate(trainer.step(input, label).err(), wrong));
    }
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE).unwrap();
    let mut twin = Trainer::new(&mut twin, CrossEntropy::default(), rule, RATE).unwrap();
    twin.epoch(&LABELLED[..], 0..3).unwrap();
    assert_eq!(trainer.epoch(&LABELLED[..], 0..4), twin.epoch(&LABELLED[..], 0..4));
    assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
}

fn check_accumulated<R: Rule + Copy>(rule: R, wrong: f32) {
    let (mut memory, mut twin) = (memory::<R, Accumulated>(), memory::<R, Accumulated>());
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, WrongAtThree(wrong)).unwrap();
    assert!(is_rate(trainer.epoch(&LABELLED[..], 0..4, 1).err(), wrong));
    assert!(trainer.gradient() == &Zero::ZERO, "the batch is forgotten");
    assert!(is_rate(trainer.step(LABELLED.iter().map(|(input, label)| (input, label))).err(), wrong));
    assert!(trainer.gradient() == &Zero::ZERO, "the batch is forgotten");
    assert_eq!(trainer.steps(), 3);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE).unwrap();
    let mut twin = Trainer::new(&mut twin, CrossEntropy::default(), rule, RATE).unwrap();
    twin.epoch(&LABELLED[..], 0..3, 1).unwrap();
    assert_eq!(trainer.epoch(&LABELLED[..], 0..4, 3), twin.epoch(&LABELLED[..], 0..4, 3));
    assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
}

#[test]
fn a_rate_that_goes_wrong_stops_before_the_step() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.1] {
        check_fused(Sgd, wrong);
        check_fused(Momentum::DEFAULT, wrong);
        check_fused(Adam::DEFAULT, wrong);
        check_fused(AdamW::new(0.01), wrong);
        check_accumulated(Sgd, wrong);
        check_accumulated(Momentum::NESTEROV, wrong);
        check_accumulated(Adam::DEFAULT, wrong);
        check_accumulated(AdamW::new(0.01), wrong);
        check_accumulated(Then(ClipNorm::new(1.0), Adam::DEFAULT), wrong);
    }
}

#[test]
fn a_batch_waits_for_a_valid_rate() {
    // Samples that arrived over time are not lost because the schedule was wrong: `apply` leaves the batch as it is.
    let mut memory = memory::<Sgd, Accumulated>();
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, WrongAtThree(f32::NAN)).unwrap();
    trainer.epoch(&LABELLED[..], 0..3, 1).unwrap();
    trainer.accumulate(&LABELLED[0].0, &0).unwrap();
    let before = (fingerprint(trainer.network()), fingerprint(trainer.gradient()));
    assert!(is_rate(trainer.apply().err(), f32::NAN));
    assert_eq!((fingerprint(trainer.network()), fingerprint(trainer.gradient())), before);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, RATE).unwrap();
    assert!(trainer.apply().is_ok());
}

#[test]
fn schedules_check_their_settings() {
    for wrong in [-0.1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert!(is_rate(wrong.check().err(), wrong));
        assert!(is_rate(<&f32 as Schedule>::check(&&wrong).err(), wrong));
        assert!(is_rate(ExponentialDecay { initial: wrong, factor: 0.5 }.check().err(), wrong));
        assert!(is_rate(StepDecay { initial: wrong, factor: 0.5, every: 1 }.check().err(), wrong));
        assert!(is_rate(LinearDecay { initial: wrong, last: 0.0, steps: 1 }.check().err(), wrong));
        assert!(is_rate(LinearDecay { initial: 0.0, last: wrong, steps: 1 }.check().err(), wrong));
        for place in 0..3 {
            let rate = |i| if i == place { wrong } else { 0.1 };
            let cosine = WarmupCosine { initial: rate(0), peak: rate(1), last: rate(2), warmup: 0, total: 1 };
            assert!(is_rate(cosine.check().err(), wrong));
        }
    }
    let steps = |value| Err(Error::Setting(Setting::Steps, value));
    assert_eq!(LinearDecay { initial: 0.1, last: 0.0, steps: 0 }.check(), steps(0.0));
    assert_eq!(StepDecay { initial: 0.1, factor: 0.5, every: 0 }.check(), steps(0.0));
    for (warmup, total) in [(0, 0), (5, 5), (5, 4)] {
        assert_eq!(WarmupCosine { initial: 0.0, peak: 0.1, last: 0.0, warmup, total }.check(), steps(total as f32));
    }
    let factor = Err(Error::Setting(Setting::DecayFactor, -0.5));
    assert_eq!(ExponentialDecay { initial: 0.1, factor: -0.5 }.check(), factor);
    assert_eq!(StepDecay { initial: 0.1, factor: -0.5, every: 1 }.check(), factor);
}

#[test]
fn a_rate_that_grows_past_f32_is_refused_when_it_does() {
    let mut memory = memory::<Sgd, Fused>();
    let schedule = ExponentialDecay { initial: 1e-30, factor: 1e35 };
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, schedule).unwrap();
    let (input, label) = &LABELLED[0];
    assert!(trainer.step(input, label).is_ok());
    // 10⁵ for the second step, infinite for the third.
    let _ = trainer.step(input, label);
    let last = trainer.step(input, label);
    assert_eq!(last, Err(Error::LearningRate(f32::INFINITY)));
}

#[test]
fn unchecked_schedules_do_not_panic() {
    for step in [0, 1, u32::MAX] {
        let _ = LinearDecay { initial: 0.1, last: 0.0, steps: 0 }.learning_rate(step);
        let _ = StepDecay { initial: 0.1, factor: -0.5, every: 0 }.learning_rate(step);
        let _ = ExponentialDecay { initial: 0.1, factor: f32::NAN }.learning_rate(step);
        let _ = WarmupCosine { initial: 0.0, peak: 0.1, last: 0.0, warmup: 5, total: 0 }.learning_rate(step);
    }
}

const fn one_cycle(rates: [f32; 3], warmup: u32, total: u32, three_phase: bool) -> OneCycle {
    let [initial, peak, last] = rates;
    OneCycle { initial, peak, last, warmup, total, anneal: Anneal::Linear, three_phase }
}

#[test]
fn every_rate_of_a_schedule_is_checked() {
    for wrong in [-0.1, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let refuses = |schedule: &dyn Schedule| assert!(is_rate(schedule.check().err(), wrong));
        refuses(&InverseTime { initial: wrong, decay: 0.1 });
        refuses(&InverseSqrt { initial: wrong, decay: 0.1 });
        refuses(&MultiStepDecay { initial: wrong, factor: 0.5, milestones: [1] });
        refuses(&PolynomialDecay { initial: wrong, steps: 1, power: 1.0 });
        refuses(&Plateau::new(PlateauDecay::new(wrong)));
        refuses(&Plateau::new(PlateauDecay { last: wrong, ..PlateauDecay::new(0.1) }));
        for (first, second) in [(wrong, 0.1), (0.1, wrong)] {
            refuses(&CosineAnnealing { initial: first, last: second, steps: 1 });
            refuses(&CosineRestarts { initial: first, last: second, steps: 1, growth: 1 });
            refuses(&CyclicTriangular { low: first, high: second, steps: 1 });
        }
        for place in 0..3 {
            let rates = [0, 1, 2].map(|i| if i == place { wrong } else { 0.1 });
            refuses(&one_cycle(rates, 1, 2, false));
        }
    }
}

#[test]
fn every_other_setting_of_a_schedule_is_checked() {
    let about = |schedule: &dyn Schedule, setting| {
        let error = schedule.check();
        assert!(matches!(error, Err(Error::Setting(what, _)) if what == setting), "{error:?} is not about {setting:?}");
    };
    about(&CosineAnnealing { initial: 0.1, last: 0.0, steps: 0 }, Setting::Steps);
    about(&CosineRestarts { initial: 0.1, last: 0.0, steps: 0, growth: 1 }, Setting::Steps);
    about(&CosineRestarts { initial: 0.1, last: 0.0, steps: 1, growth: 0 }, Setting::Growth);
    about(&CyclicTriangular { low: 0.1, high: 0.0, steps: 0 }, Setting::Steps);
    about(&PolynomialDecay { initial: 0.1, steps: 0, power: 1.0 }, Setting::Steps);
    for (warmup, total, three_phase) in [(0, 0, false), (5, 5, false), (6, 5, false), (5, 10, true), (u32::MAX, u32::MAX, true)] {
        about(&one_cycle([0.1; 3], warmup, total, three_phase), Setting::Steps);
    }
    assert_eq!(one_cycle([0.1; 3], 5, 6, false).check(), Ok(()));
    assert_eq!(one_cycle([0.1; 3], 5, 11, true).check(), Ok(()));
    for wrong in [-0.1, f32::NAN, f32::INFINITY] {
        about(&InverseTime { initial: 0.1, decay: wrong }, Setting::DecayFactor);
        about(&InverseSqrt { initial: 0.1, decay: wrong }, Setting::DecayFactor);
        about(&MultiStepDecay { initial: 0.1, factor: wrong, milestones: [] }, Setting::DecayFactor);
        about(&Plateau::new(PlateauDecay { factor: wrong, ..PlateauDecay::new(0.1) }), Setting::DecayFactor);
        for threshold in [Threshold::Relative(wrong), Threshold::Absolute(wrong)] {
            about(&Plateau::new(PlateauDecay { threshold, ..PlateauDecay::new(0.1) }), Setting::Improvement);
        }
    }
    about(&Plateau::new(PlateauDecay { factor: 1.0, ..PlateauDecay::new(0.1) }), Setting::DecayFactor);
    for wrong in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        about(&PolynomialDecay { initial: 0.1, steps: 1, power: wrong }, Setting::Power);
    }
}

#[test]
fn unchecked_cycles_do_not_panic_and_end() {
    for step in [0, 1, u32::MAX] {
        let _ = CosineAnnealing { initial: 0.1, last: 0.0, steps: 0 }.learning_rate(step);
        let _ = CosineRestarts { initial: 0.1, last: 0.0, steps: 0, growth: 0 }.learning_rate(step);
        let _ = CosineRestarts { initial: 0.1, last: 0.0, steps: 0, growth: 2 }.learning_rate(step);
        let _ = CyclicTriangular { low: 0.1, high: 0.0, steps: 0 }.learning_rate(step);
        let _ = PolynomialDecay { initial: 0.1, steps: 0, power: -1.0 }.learning_rate(step);
        let _ = one_cycle([0.1; 3], u32::MAX, 0, true).learning_rate(step);
        let _ = one_cycle([0.1; 3], 5, 0, false).learning_rate(step);
    }
}
