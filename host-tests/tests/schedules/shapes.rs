//! The shapes of schedules over the whole range of steps, in double precision.

use kilograd::optim::schedule::{
    Anneal, CosineAnnealing, CosineRestarts, CyclicTriangular, InverseSqrt, InverseTime, MultiStepDecay, OneCycle,
    PolynomialDecay, Schedule,
};
use std::f64::consts::PI;

/// Steps near and far, up to the last one that a counter can say.
const STEPS: [u32; 10] = [0, 1, 2, 999, 12_345, 16_777_217, 1 << 30, u32::MAX - 1_000, u32::MAX - 1, u32::MAX];

fn near(got: f32, want: f64, largest: f64) {
    assert!((f64::from(got) - want).abs() <= 1e-6 * largest, "{got}, not {want}");
}

fn half_cosine(share: f64) -> f64 {
    (1.0 + (PI * share).cos()) / 2.0
}

#[test]
fn cycles_repeat_up_to_the_last_step() {
    for steps in [1, 2, 3, 7, 1_000, u32::MAX] {
        let cosine = CosineAnnealing { initial: 1.0, last: 0.25, steps };
        let triangle = CyclicTriangular { low: 0.25, high: 1.0, steps };
        let restarts = CosineRestarts { initial: 1.0, last: 0.25, steps, growth: 1 };
        for step in STEPS {
            // In integers, which are exact where a share of 2³² in single precision is not.
            let (cycle, within) = (step / steps, f64::from(step % steps) / f64::from(steps));
            let share = if cycle % 2 == 0 { within } else { 1.0 - within };
            near(cosine.learning_rate(step), 0.25 + 0.75 * half_cosine(share), 1.0);
            near(triangle.learning_rate(step), 0.25 + 0.75 * share, 1.0);
            near(restarts.learning_rate(step), 0.25 + 0.75 * half_cosine(within), 1.0);
        }
    }
}

#[test]
fn falls_grow_longer_up_to_the_last_step() {
    for (steps, growth) in [(1, 2), (10, 2), (10, 3), (7, 1000), (u32::MAX, 2), (1 << 31, u32::MAX)] {
        let schedule = CosineRestarts { initial: 1.0, last: 0.0, steps, growth };
        for step in STEPS {
            let (mut start, mut length) = (0_u64, u64::from(steps));
            while u64::from(step) >= start + length {
                start += length;
                length *= u64::from(growth);
            }
            // A fall longer than the counter never gets far: it is taken to end where the counter does.
            let length = length.min(u64::from(u32::MAX));
            near(schedule.learning_rate(step), half_cosine((u64::from(step) - start) as f64 / length as f64), 1.0);
        }
    }
}

#[test]
fn decays_with_time() {
    for decay in [0.0_f32, 1e-6, 0.1, 3.0] {
        for step in STEPS {
            let slowed = 1.0 + f64::from(decay) * f64::from(step);
            near(InverseTime { initial: 0.5, decay }.learning_rate(step), 0.5 / slowed, 0.5 / slowed);
            near(InverseSqrt { initial: 0.5, decay }.learning_rate(step), 0.5 / slowed.sqrt(), 0.5 / slowed.sqrt());
        }
    }
}

#[test]
fn milestones_in_any_order() {
    let factors = |milestones| {
        let schedule = MultiStepDecay { initial: 1.0, factor: 0.5, milestones };
        [0, 1, 4, 5, 9, u32::MAX].map(|step| schedule.learning_rate(step))
    };
    assert_eq!(factors([1, 5, 9]), [1.0, 0.5, 0.5, 0.25, 0.125, 0.125]);
    assert_eq!(factors([9, 1, 5]), factors([1, 5, 9]));
    // Twice the same step: twice the factor.
    assert_eq!(factors([5, 5, 9]), [1.0, 1.0, 1.0, 0.25, 0.125, 0.125]);
    assert_eq!(MultiStepDecay { initial: 0.3, factor: 0.5, milestones: [] }.learning_rate(7), 0.3);
}

#[test]
fn a_polynomial_reaches_zero_and_stays() {
    for power in [0.5, 1.0, 3.0] {
        let schedule = PolynomialDecay { initial: 0.1, steps: 50, power };
        for step in 0..50 {
            let want = 0.1 * (1.0 - f64::from(step) / 50.0).powf(f64::from(power));
            near(schedule.learning_rate(step), want, 0.1);
        }
        assert!([50, 51, u32::MAX].iter().all(|step| schedule.learning_rate(*step) == 0.0));
    }
}

#[test]
fn one_cycle_meets_its_corners() {
    for anneal in [Anneal::Cosine, Anneal::Linear] {
        for (three_phase, corners) in [(false, [(25, 1.0), (100, 0.01)]), (true, [(50, 0.1), (100, 0.01)])] {
            let schedule = OneCycle { initial: 0.1, peak: 1.0, last: 0.01, warmup: 25, total: 100, anneal, three_phase };
            for (step, rate) in [(0, 0.1), (25, 1.0), (u32::MAX, 0.01)].into_iter().chain(corners) {
                near(schedule.learning_rate(step), rate, 1.0);
            }
            assert!((0..25).all(|step| schedule.learning_rate(step) < schedule.learning_rate(step + 1)));
            assert!((25..100).all(|step| schedule.learning_rate(step) > schedule.learning_rate(step + 1)));
        }
    }
}
