//! Rates that a metric brings down.

use kilograd::optim::schedule::{Better, Plateau, PlateauDecay, Schedule, Threshold};
use kilograd::prelude::*;

fn rates(settings: PlateauDecay, metrics: &[f32]) -> Vec<f32> {
    let mut plateau = Plateau::new(settings);
    let after = |metric: &f32| {
        let before = plateau.learning_rate(0);
        let fell = plateau.observe(*metric);
        assert_eq!(fell, plateau.learning_rate(0) < before);
        plateau.learning_rate(u32::MAX)
    };
    metrics.iter().map(after).collect()
}

const HALVED: PlateauDecay = PlateauDecay { factor: 0.5, patience: 1, ..PlateauDecay::new(1.0) };

#[test]
fn the_rate_falls_once_patience_is_exhausted() {
    assert_eq!(rates(HALVED, &[3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 2.0]), [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.25]);
    assert_eq!(rates(PlateauDecay { patience: 0, ..HALVED }, &[1.0, 1.0, 1.0]), [1.0, 0.5, 0.25]);
}

#[test]
fn a_cooldown_is_not_counted() {
    assert_eq!(rates(PlateauDecay { cooldown: 2, ..HALVED }, &[1.0; 8]), [1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]);
}

#[test]
fn the_last_rate_is_kept() {
    assert_eq!(rates(PlateauDecay { last: 0.3, patience: 0, ..HALVED }, &[1.0; 5]), [1.0, 0.5, 0.3, 0.3, 0.3]);
    // Falling to zero is allowed, and is where it ends.
    assert_eq!(rates(PlateauDecay { factor: 0.0, patience: 0, ..HALVED }, &[1.0; 3]), [1.0, 0.0, 0.0]);
}

#[test]
fn higher_may_be_better_and_a_little_may_not_count() {
    let impatient = PlateauDecay { patience: 0, ..HALVED };
    let higher = PlateauDecay { better: Better::Higher, threshold: Threshold::Absolute(0.1), ..impatient };
    assert_eq!(rates(higher, &[0.5, 0.7, 0.75, 0.85]), [1.0, 1.0, 0.5, 0.5]);
    let relative = PlateauDecay { threshold: Threshold::Relative(0.1), ..impatient };
    assert_eq!(rates(relative, &[10.0, 9.5, 8.9]), [1.0, 0.5, 0.5]);
}

#[test]
fn not_a_number_is_no_improvement() {
    let impatient = PlateauDecay { patience: 0, ..HALVED };
    // Not even as the first metric, which would then never be beaten.
    assert_eq!(rates(impatient, &[f32::NAN, 5.0, f32::NAN, 4.0, f32::INFINITY]), [0.5, 0.5, 0.25, 0.25, 0.125]);
}

#[test]
fn a_trainer_is_told_the_metric() {
    let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, Plateau::new(HALVED)).unwrap();
    let (input, target) = (Vector::new([1.0]), Vector::new([1.0]));
    // At a rate of 1 this problem swings from one side to the other; halved, it is solved at once.
    let losses: Vec<f32> = (0..12)
        .map(|_| {
            let loss = trainer.step(&input, &target).unwrap();
            trainer.schedule_mut().observe(loss);
            loss
        })
        .collect();
    assert!(losses[0] == 1.0 && losses[11] == 0.0, "{losses:?}");
    assert!(trainer.learning_rate() < 1.0);
    // What a schedule is replaced with is checked by the next step.
    *trainer.schedule_mut() = Plateau::new(PlateauDecay::new(f32::NAN));
    assert!(matches!(trainer.step(&input, &target), Err(Error::LearningRate(_))));
}
