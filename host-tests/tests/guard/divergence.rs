//! A guarded training is the same while all is well, and turns back when it is not.

use kilograd::Setting;
use kilograd::prelude::*;
use kilograd::train::{Explosion, Guard, GuardedTrainer, Outcome, Reason, fingerprint};
use kilograd_tasks::digits::{self, Digits, Net};
use kilograd_tasks::friedman1::{self, Net as Curve};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Line = network![1 => 1];

/// The digits in the order of an epoch.
fn epoch(rng: &mut Xoshiro128PlusPlus) -> Vec<(Vector<64>, usize)> {
    let (data, mut input) = (Digits::training(), Vector::ZERO);
    let load = |index| data.load(index, &mut input).map(|label| (input.clone(), label)).unwrap();
    Shuffle::new(digits::TRAINING, rng).map(load).collect()
}

fn accuracy<S: kilograd::optim::schedule::Schedule, R: Rule>(trainer: &mut Trainer<'_, Net, CrossEntropy, R, S>) -> f32 {
    let (test, mut correct) = (Digits::test(), 0);
    let loss = trainer.evaluate_all(&test, 0..test.len(), |label, output| {
        correct += usize::from(output.argmax() == Some(*label));
        Ok(())
    });
    loss.map_or(0.0, |_| correct as f32 / test.len() as f32)
}

#[test]
fn a_healthy_training_ends_in_the_same_bits() {
    let (mut plain, mut guarded, mut best) = (Memory::<Net, Adam>::ZERO, Memory::<Net, Adam>::ZERO, Net::ZERO);
    let mut rng = digits::initialize(&mut plain.network, 1);
    guarded.network.copy_from(&plain.network);
    let samples = epoch(&mut rng);
    let mut trainer = Trainer::new(&mut plain, CrossEntropy::default(), Adam::DEFAULT, digits::ADAM_RATE).unwrap();
    let losses: Vec<_> = samples.iter().map(|(x, label)| trainer.step(x, label).map(Outcome::Taken)).collect();
    let trainer = Trainer::new(&mut guarded, CrossEntropy::default(), Adam::DEFAULT, digits::ADAM_RATE).unwrap();
    let mut trainer = GuardedTrainer::new(trainer, &mut best, Guard::DEFAULT).unwrap();
    assert_eq!(samples.iter().map(|(x, label)| trainer.step(x, label)).collect::<Vec<_>>(), losses);
    assert_eq!((trainer.skipped(), trainer.restored(), trainer.last_reason()), (0, 0, None));
    assert!(trainer.best_loss().is_some_and(|loss| loss < 0.7), "{:?}", trainer.best_loss());
    assert_eq!(fingerprint(&guarded.network), fingerprint(&plain.network));
    assert_eq!(fingerprint(guarded.state()), fingerprint(plain.state()));
}

#[test]
fn a_healthy_training_in_batches_ends_in_the_same_bits() {
    type Ram = Memory<Net, Momentum, Accumulated>;
    let (mut plain, mut guarded, mut best) = (Ram::ZERO, Ram::ZERO, Net::ZERO);
    let mut rng = digits::initialize(&mut plain.network, 2);
    guarded.network.copy_from(&plain.network);
    let samples = epoch(&mut rng);
    let mut trainer = Trainer::new(&mut plain, CrossEntropy::default(), Momentum::DEFAULT, 0.01).unwrap();
    let other = Trainer::new(&mut guarded, CrossEntropy::default(), Momentum::DEFAULT, 0.01).unwrap();
    let mut other = GuardedTrainer::new(other, &mut best, Guard::DEFAULT).unwrap();
    for batch in samples.chunks(16) {
        let batch = || batch.iter().map(|(x, label)| (x, label));
        assert_eq!(other.step(batch()), trainer.step(batch()).map(Outcome::Taken));
    }
    assert_eq!(fingerprint(&guarded.network), fingerprint(&plain.network));
}

/// Ten to five hundred times the rate that suits: plain training ends at losses of 10³³ and more, guarded training finds a rate
/// at which it learns.
#[test]
fn a_rate_that_is_too_large_is_backed_off() {
    let samples = friedman1::load();
    let (training, test) = samples.split_at(friedman1::TRAINING);
    let train = |rate: f32, guarded: bool| {
        let (mut memory, mut best) = (Memory::<Curve, Sgd>::ZERO, Curve::ZERO);
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
        let trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, rate).unwrap();
        let mut trainer = GuardedTrainer::new(trainer, &mut best, Guard { recovery: 1.0, ..Guard::DEFAULT }).unwrap();
        for index in (0..40).flat_map(|_| Shuffle::new(training.len(), &mut rng)) {
            let (x, y) = &training[index];
            if guarded {
                assert!(trainer.step(x, y).is_ok());
            } else {
                let _ = trainer.trainer().step(x, y);
            }
        }
        assert_eq!(trainer.learning_rate(), rate * 0.5_f32.powi(trainer.restored() as i32));
        (trainer.trainer().evaluate_all(test, 0..test.len(), |_, _| Ok(())).unwrap(), trainer.restored())
    };
    for rate in [0.2, 0.5, 1.0, 10.0] {
        assert!(train(rate, false).0 > 1e30);
        let (loss, restored) = train(rate, true);
        // 0.29 to 0.38; a variance of 1 is to be explained.
        assert!(loss < 0.5 && restored > 1, "rate {rate}: {loss}, {restored}");
    }
    assert_eq!(train(0.02, true), train(0.02, false));
}

/// A sensor that fails now and then teaches nothing and disturbs nothing.
#[test]
fn samples_that_are_not_finite_leave_no_trace() {
    let (mut plain, mut guarded, mut best) = (Memory::<Net, Adam>::ZERO, Memory::<Net, Adam>::ZERO, Net::ZERO);
    let mut rng = digits::initialize(&mut plain.network, 3);
    guarded.network.copy_from(&plain.network);
    let samples = epoch(&mut rng);
    let mut plain_trainer = Trainer::new(&mut plain, CrossEntropy::default(), Adam::DEFAULT, 0.001).unwrap();
    let trainer = Trainer::new(&mut guarded, CrossEntropy::default(), Adam::DEFAULT, 0.001).unwrap();
    let mut trainer = GuardedTrainer::new(trainer, &mut best, Guard { patience: 0, ..Guard::DEFAULT }).unwrap();
    for (number, (x, label)) in samples.iter().enumerate().take(500) {
        if number % 7 < 5 {
            let loss = plain_trainer.step(x, label).unwrap();
            assert_eq!(trainer.step(x, label), Ok(Outcome::Taken(loss)));
        } else {
            let mut x = x.clone();
            x.as_mut_slice()[number % 64] = if number % 2 == 0 { f32::NAN } else { f32::NEG_INFINITY };
            assert_eq!(trainer.step(&x, label), Ok(Outcome::Skipped(Reason::InputNotFinite)));
        }
    }
    assert_eq!((trainer.restored(), trainer.last_reason()), (0, Some(Reason::InputNotFinite)));
    assert_eq!(fingerprint(&guarded.network), fingerprint(&plain.network));
}

/// The highest bit of a weight's exponent flips (2¹²⁸ times as large), or a lower one (2³² times), or it reads as NaN.
#[test]
fn a_bit_that_flips_is_mended() {
    let (mut memory, mut best) = (Memory::<Net, Adam>::ZERO, Net::ZERO);
    let samples = epoch(&mut digits::initialize(&mut memory.network, 1));
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, digits::ADAM_RATE).unwrap();
    let mut trainer = GuardedTrainer::new(trainer, &mut best, Guard::DEFAULT).unwrap();
    for (x, label) in &samples {
        assert!(matches!(trainer.step(x, label), Ok(Outcome::Taken(_))));
    }
    let before = accuracy(trainer.trainer());
    let flipped = |x: f32| f32::from_bits(x.to_bits() ^ 1 << 30);
    let grown = |x: f32| x * 4_294_967_296.0;
    let lost = |_| f32::NAN;
    type Damage = fn(f32) -> f32;
    let damages: [(usize, Damage); 7] =
        [(700, flipped), (1_337, flipped), (1_338, grown), (1_339, lost), (2_060, flipped), (2_100, grown), (2_409, grown)];
    for (place, damage) in damages {
        let mut number = 0;
        trainer.trainer().network_mut().visit_mut(&mut |group| {
            for x in group {
                if number == place {
                    *x = damage(*x);
                }
                number += 1;
            }
        });
        let restored = trainer.restored();
        for (x, label) in &samples[..400] {
            let _ = trainer.step(x, label).unwrap();
        }
        let after = accuracy(trainer.trainer());
        assert!(after > before - 0.05, "place {place}: {before} before, {after} after, {trainer:?}");
        assert_eq!(trainer.restored(), restored + 1, "place {place}: {trainer:?}");
    }
}

fn line(rate: f32, memory: &mut Memory<Line, Sgd>) -> Trainer<'_, Line, MeanSquaredError, Sgd, f32> {
    Trainer::new(memory, MeanSquaredError, Sgd, rate).unwrap()
}

#[test]
fn a_loss_that_explodes_is_skipped_and_one_that_stays_is_learned() {
    let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
    let guard = Guard { patience: 2, interval: 4, gradient: Explosion { factor: f32::MAX, floor: 1.0 }, ..Guard::DEFAULT };
    let mut trainer = GuardedTrainer::new(line(0.1, &mut memory), &mut best, guard).unwrap();
    let mut step = |target: f32| trainer.step(&[1.0].into(), &[target].into()).unwrap();
    for _ in 0..40 {
        assert!(matches!(step(1.0), Outcome::Taken(_)));
    }
    use Reason::LossExploded;
    // An outlier is no divergence.
    assert_eq!([step(50.0), step(50.0)], [Outcome::Skipped(LossExploded); 2]);
    for _ in 0..8 {
        assert!(matches!(step(1.0), Outcome::Taken(_)));
    }
    // What stays is looked at once with the best network, and is then the new usual.
    let skipped = Outcome::Skipped(LossExploded);
    let restored = Outcome::Restored(LossExploded);
    assert_eq!([step(50.0), step(50.0), step(50.0)], [skipped, skipped, restored]);
    assert_eq!([step(50.0), step(50.0), step(50.0)], [skipped, skipped, restored]);
    for _ in 0..200 {
        assert!(matches!(step(50.0), Outcome::Taken(_)));
    }
    assert_eq!(trainer.restored(), 2);
    let said = trainer.trainer().predict(&[1.0].into()).as_array()[0];
    assert!((said - 50.0).abs() < 1.0, "{said}");
}

/// A tenth more error in every step: no single step is an explosion, all of them together are.
#[test]
fn a_loss_that_creeps_up_is_turned_back() {
    let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
    let guard = Guard { interval: 4, fading: 0.5, recovery: 1.0, ..Guard::DEFAULT };
    // Each step multiplies the error by 1 − 2·0.525·(1 + 1) = −1.1.
    let mut trainer = GuardedTrainer::new(line(0.525, &mut memory), &mut best, guard).unwrap();
    let outcomes: Vec<_> = (0..100).map(|_| trainer.step(&[1.0].into(), &[1.0].into()).unwrap()).collect();
    let turned: Vec<_> = outcomes.iter().filter(|outcome| !matches!(outcome, Outcome::Taken(_))).collect();
    assert_eq!(turned, [&Outcome::Restored(Reason::LossExploded)]);
    assert!(trainer.best_loss().is_some_and(|loss| loss < 1e-6), "{trainer:?}");
    // All steps count, those that were turned back too.
    assert_eq!(trainer.steps(), 100);
}

#[test]
fn a_gradient_that_explodes_is_skipped() {
    let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
    let guard = Guard { loss: Explosion { factor: f32::MAX, floor: 1.0 }, ..Guard::DEFAULT };
    let mut trainer = GuardedTrainer::new(line(0.1, &mut memory), &mut best, guard).unwrap();
    assert_eq!(trainer.step(&[1.0].into(), &[1.0].into()), Ok(Outcome::Taken(1.0)));
    let before = trainer.network().clone();
    assert_eq!(trainer.step(&[1000.0].into(), &[0.0].into()), Ok(Outcome::Skipped(Reason::GradientExploded)));
    assert_eq!(trainer.step(&[1e18].into(), &[0.0].into()), Ok(Outcome::Skipped(Reason::GradientTooLarge)));
    assert_eq!(trainer.step(&[f32::MAX].into(), &[0.0].into()), Ok(Outcome::Skipped(Reason::LossNotFinite)));
    assert_eq!((trainer.network(), trainer.skipped()), (&before, 3));
}

#[test]
fn batches_are_guarded_too() {
    let (mut memory, mut best) = (Memory::<Line, Sgd, Accumulated>::ZERO, Line::ZERO);
    let trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
    let mut trainer = GuardedTrainer::new(trainer, &mut best, Guard { patience: 1, ..Guard::DEFAULT }).unwrap();
    let mut step = |x: f32, target: f32| {
        let (x, target): (Vector<1>, Vector<1>) = ([x].into(), [target].into());
        trainer.step([(&x, &target), (&x, &target)])
    };
    assert_eq!(step(1.0, 1.0), Ok(Outcome::Taken(1.0)));
    assert_eq!(step(f32::NAN, 1.0), Ok(Outcome::Skipped(Reason::InputNotFinite)));
    assert_eq!(step(1.0, 100.0), Ok(Outcome::Skipped(Reason::LossExploded)));
    assert_eq!(step(1.0, 100.0), Ok(Outcome::Restored(Reason::LossExploded)));
    assert_eq!(trainer.step([]), Err(Error::EmptyBatch));
    assert_eq!(trainer.network(), &Line::ZERO);
}

#[test]
fn mistakes_that_no_guard_mends_are_errors() {
    let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
    let mut trainer = GuardedTrainer::new(line(0.1, &mut memory), &mut best, Guard::DEFAULT).unwrap();
    assert_eq!(trainer.step(&[1.0].into(), &[f32::NAN].into()), Err(Error::TargetInvalid));
    *trainer.trainer().schedule_mut() = -1.0;
    assert_eq!(trainer.step(&[1.0].into(), &[1.0].into()), Err(Error::LearningRate(-1.0)));
    assert_eq!(trainer.skipped(), 0);
}

#[test]
fn what_is_forgotten_does_not_come_back() {
    let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
    let mut trainer = GuardedTrainer::new(line(0.1, &mut memory), &mut best, Guard::DEFAULT).unwrap();
    assert_eq!(trainer.step(&[1.0].into(), &[1.0].into()), Ok(Outcome::Taken(1.0)));
    let here = trainer.network().clone();
    trainer.forget();
    trainer.trainer().network_mut().bias.fill(f32::NAN);
    assert_eq!(trainer.step(&[1.0].into(), &[1.0].into()), Ok(Outcome::Restored(Reason::WeightsInvalid)));
    assert_eq!(trainer.network(), &here);
}

#[test]
fn settings_out_of_range_are_refused() {
    let refused = |guard: Guard| {
        let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
        GuardedTrainer::new(line(0.1, &mut memory), &mut best, guard).err()
    };
    let explosion = |factor, floor| Explosion { factor, floor };
    let settings = Guard::DEFAULT;
    for (guard, setting) in [
        (Guard { loss: explosion(0.9, 1.0), ..settings }, Setting::ExplosionFactor),
        (Guard { gradient: explosion(f32::NAN, 1.0), ..settings }, Setting::ExplosionFactor),
        (Guard { loss: explosion(2.0, -1.0), ..settings }, Setting::Floor),
        (Guard { gradient: explosion(2.0, f32::INFINITY), ..settings }, Setting::Floor),
        (Guard { fading: 1.1, ..settings }, Setting::FadingFactor),
        (Guard { back_off: 0.0, ..settings }, Setting::BackOff),
        (Guard { back_off: 1.0, ..settings }, Setting::BackOff),
        (Guard { recovery: 0.5, ..settings }, Setting::Growth),
        (Guard { interval: 0, ..settings }, Setting::Interval),
    ] {
        assert!(matches!(refused(guard), Some(Error::Setting(found, _)) if found == setting), "{guard:?}");
    }
    assert_eq!(refused(settings), None);
}

#[test]
fn every_reason_has_a_code_and_words() {
    use Reason::*;
    let reasons = [InputNotFinite, LossNotFinite, GradientTooLarge, LossExploded, GradientExploded, WeightsInvalid];
    assert_eq!(reasons.map(Reason::code), [1, 2, 3, 4, 5, 6]);
    assert!(reasons.iter().all(|reason| *reason as u8 == reason.code()));
    let known: Vec<_> = (0..=u8::MAX).filter_map(Reason::from_code).collect();
    assert_eq!(known, reasons);
    // Hosts that are written in something else read them here.
    let format = include_str!("../../../docs/checkpoint-format.md");
    let table = format.split("| code |").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let codes: Vec<u8> = table.lines().skip(2).map(|row| row.split('|').nth(1).unwrap().trim().parse().unwrap()).collect();
    assert_eq!(codes, reasons.map(Reason::code));
    let words: std::collections::BTreeSet<_> = reasons.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), reasons.len());
}

/// Beside the best network, as the documentation says.
#[test]
fn a_guard_takes_a_hundred_bytes() {
    type Plain<'m> = Trainer<'m, Net, CrossEntropy, Adam, f32>;
    type Guarded<'m> = GuardedTrainer<'m, Net, CrossEntropy, Adam, f32>;
    // A reference of 4 bytes on a board is one of 8 here.
    assert!(size_of::<Guarded<'_>>() - size_of::<Plain<'_>>() <= 100 + 4);
}
