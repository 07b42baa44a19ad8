//! Robbins and Monro's conditions (*Deep Learning*, equations 8.12 and 8.13): Σε = ∞ and Σε² < ∞.

use kilograd::optim::schedule::{
    CosineAnnealing, CosineRestarts, CyclicTriangular, ExponentialDecay, InverseSqrt, InverseTime, LinearDecay, PolynomialDecay,
    Schedule, StepDecay, WarmupCosine,
};

/// The last block that is looked at goes from step 2²⁰ to 2²¹.
const LAST_BLOCK: u32 = 20;

/// Cauchy's condensation: how much a sum over the steps from 2ᵏ to 2ᵏ⁺¹ grows from one block to the next. Below one, the blocks
/// are a geometric series, which converges; from one on they do not even tend to zero.
fn growth(schedule: &impl Schedule, power: i32) -> f64 {
    let block = |k: u32| -> f64 {
        // Of a long block every 61st step: rates differ little from one to the next, or repeat, but not every 61 steps.
        let stride = if k > 14 { 61 } else { 1 };
        let steps = (1_u32 << k..1 << (k + 1)).step_by(stride);
        steps.map(|step| f64::from(schedule.learning_rate(step)).powi(power)).sum::<f64>() * stride as f64
    };
    let (before, last) = (block(LAST_BLOCK - 1), block(LAST_BLOCK));
    if before == 0.0 { 0.0 } else { last / before }
}

/// Whether Σε and Σε² converge.
fn converge(schedule: &impl Schedule) -> (bool, bool) {
    let converges = |power| {
        let growth = growth(schedule, power);
        assert!(!(0.9..0.99).contains(&growth), "{growth} says neither");
        growth < 0.9
    };
    (converges(1), converges(2))
}

#[test]
fn one_over_the_time_meets_both() {
    assert_eq!(converge(&InverseTime { initial: 0.1, decay: 0.1 }), (false, true));
    assert_eq!(converge(&InverseTime { initial: 1.0, decay: 1.0 }), (false, true));
    // ln 2 / decay in each block, and half as much of the squares as in the one before.
    let schedule = InverseTime { initial: 1.0, decay: 1.0 };
    assert!((growth(&schedule, 1) - 1.0).abs() < 1e-3 && (growth(&schedule, 2) - 0.5).abs() < 1e-3);
}

#[test]
fn rates_that_stay_up_fail_the_second() {
    let noisy = (false, false);
    assert_eq!(converge(&0.1), noisy);
    assert_eq!(converge(&InverseSqrt { initial: 0.1, decay: 1.0 }), noisy);
    // The book's decay to 1 % of the first rate, where it stays.
    assert_eq!(converge(&LinearDecay { initial: 0.1, last: 0.001, steps: 1000 }), noisy);
    assert_eq!(converge(&CosineAnnealing { initial: 0.1, last: 0.0, steps: 100 }), noisy);
    assert_eq!(converge(&CosineRestarts { initial: 0.1, last: 0.0, steps: 100, growth: 1 }), noisy);
    assert_eq!(converge(&CyclicTriangular { low: 0.0, high: 0.1, steps: 100 }), noisy);
    assert_eq!(converge(&WarmupCosine { initial: 0.0, peak: 0.1, last: 0.01, warmup: 10, total: 100 }), noisy);
}

#[test]
fn rates_that_vanish_too_early_fail_the_first() {
    let short = (true, true);
    assert_eq!(converge(&ExponentialDecay { initial: 0.1, factor: 0.999 }), short);
    assert_eq!(converge(&StepDecay { initial: 0.1, factor: 0.5, every: 1000 }), short);
    assert_eq!(converge(&LinearDecay { initial: 0.1, last: 0.0, steps: 1000 }), short);
    assert_eq!(converge(&PolynomialDecay { initial: 0.1, steps: 1000, power: 2.0 }), short);
    assert_eq!(converge(&WarmupCosine { initial: 0.0, peak: 0.1, last: 0.0, warmup: 10, total: 100 }), short);
}

/// What the conditions are about: x ← x − ε·(x − noise) on ½·(x − noise)², whose minimum in expectation is 0.
fn distance_after(steps: u32, schedule: &impl Schedule) -> f64 {
    // Fair coins from a linear congruential generator: the mean square of many runs is what is compared.
    let runs = 200;
    let mut bits = 1_u64;
    let square = (0..runs).map(|_| {
        let mut x = 10.0_f64;
        for step in 0..steps {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = if bits >> 63 == 0 { -1.0 } else { 1.0 };
            x -= f64::from(schedule.learning_rate(step)) * (x - noise);
        }
        x * x
    });
    (square.sum::<f64>() / f64::from(runs)).sqrt()
}

#[test]
fn only_both_conditions_lead_to_the_minimum() {
    let both = InverseTime { initial: 0.5, decay: 0.25 };
    let (noisy, short) = (0.5, ExponentialDecay { initial: 0.5, factor: 0.5 });
    let after = |steps| (distance_after(steps, &both), distance_after(steps, &noisy), distance_after(steps, &short));
    let (early, late) = (after(400), after(6_400));
    // Sixteen times the steps: a quarter of the distance, within what 200 runs scatter. The others stay where they are: at the
    // noise's √(ε / (2 − ε)), and at less than Σε = 1 allows.
    assert!((3.0..5.5).contains(&(early.0 / late.0)), "{early:?}, {late:?}");
    for distance in [early.1, late.1] {
        assert!((distance / (0.5_f64 / 1.5).sqrt() - 1.0).abs() < 0.2, "{early:?}, {late:?}");
    }
    assert!(early.2 > 2.0 && (early.2 / late.2 - 1.0).abs() < 0.1, "{early:?}, {late:?}");
}
