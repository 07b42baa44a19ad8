//! Sections 8.3.2 and 8.3.3: how fast momentum gets, and whose Nesterov it is.

use crate::path::Path;
use kilograd::optim::schedule::LinearDecay;
use kilograd::optim::{Momentum, Rule, ScheduledMomentum, book};

const GRADIENT: f32 = -2.0;
const RATE: f32 = 0.01;

/// The length of a step after `steps` steps under a constant gradient. The weight is set back before each, so that it does
/// not round the step.
fn speed<R: Rule>(rule: R, steps: usize) -> f32 {
    let mut path = Path::from(rule, [0.0]);
    for _ in 0..steps {
        path.weights = [0.0].into();
        path.step(RATE, [GRADIENT]);
    }
    path.at()[0]
}

/// `η·‖g‖ / (1 − α)`.
fn terminal_speed(alpha: f32) -> f32 {
    RATE * GRADIENT.abs() / (1.0 - alpha)
}

#[test]
fn momentum_reaches_its_terminal_speed() {
    for alpha in [0.5, 0.9, 0.99] {
        // αⁿ of it is missing after n steps.
        let steps = 20 * (1.0 / (1.0 - alpha)) as usize;
        for nesterov in [false, true] {
            let speed = speed(Momentum { momentum: alpha, dampening: 0.0, nesterov }, steps);
            assert!((speed / terminal_speed(alpha) - 1.0).abs() < 1e-5, "α = {alpha}: {speed}");
        }
        let speed = speed(book::Nesterov { momentum: alpha }, steps);
        assert!((speed / terminal_speed(alpha) - 1.0).abs() < 1e-5, "the book's, α = {alpha}: {speed}");
    }
}

#[test]
fn a_schedule_raises_the_speed() {
    let schedule = LinearDecay { initial: 0.5, last: 0.99, steps: 300 };
    let rule = ScheduledMomentum { schedule, nesterov: false };
    let speeds = [1, 100, 200, 300, 3000].map(|steps| speed(rule, steps));
    assert!(speeds.windows(2).all(|pair| pair[0] < pair[1]), "{speeds:?}");
    assert!((speeds[4] / terminal_speed(0.99) - 1.0).abs() < 1e-5, "{speeds:?}");
}

#[test]
fn a_constant_schedule_is_momentum() {
    let rule = ScheduledMomentum { schedule: 0.9, nesterov: true };
    assert_eq!(descend(rule, |_| RATE), descend(Momentum::NESTEROV, |_| RATE));
}

/// The weights after every step down a quadratic.
fn descend<R: Rule>(rule: R, rate: impl Fn(usize) -> f32) -> Vec<[f32; 2]> {
    let mut path = Path::from(rule, [1.0, -2.0]);
    (0..60)
        .map(|step| {
            let [x, y] = path.at();
            path.step(rate(step), [4.0 * x - y, 3.0 * y - x]);
            path.at()
        })
        .collect()
}

/// Algorithm 8.3 as it stands in the book, in f64: its look-ahead point after every step.
fn algorithm_8_3(alpha: f64, rate: impl Fn(usize) -> f32) -> Vec<[f64; 2]> {
    let (mut theta, mut v) = ([1.0, -2.0], [0.0, 0.0]);
    (0..60)
        .map(|step| {
            let [x, y] = [theta[0] + alpha * v[0], theta[1] + alpha * v[1]];
            let gradient = [4.0 * x - y, 3.0 * y - x];
            for i in 0..2 {
                v[i] = alpha * v[i] - f64::from(rate(step)) * gradient[i];
                theta[i] += v[i];
            }
            [theta[0] + alpha * v[0], theta[1] + alpha * v[1]]
        })
        .collect()
}

fn largest_difference<A: Copy + Into<f64>, B: Copy + Into<f64>>(a: &[[A; 2]], b: &[[B; 2]]) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| ((*a).into() - (*b).into()).abs()).fold(0.0, f64::max)
}

#[test]
fn the_books_nesterov_is_pytorchs_while_the_rate_stays() {
    let constant = |_| 0.05;
    let (book, torch) = (descend(book::Nesterov::DEFAULT, constant), descend(Momentum::NESTEROV, constant));
    let exact = algorithm_8_3(f64::from(0.9_f32), constant);
    assert!(largest_difference(&book, &exact) < 1e-6);
    assert!(largest_difference(&torch, &exact) < 1e-6);
}

#[test]
fn and_not_when_it_changes() {
    let falling = |step| if step < 10 { 0.05 } else { 0.005 };
    let (book, torch) = (descend(book::Nesterov::DEFAULT, falling), descend(Momentum::NESTEROV, falling));
    let exact = algorithm_8_3(f64::from(0.9_f32), falling);
    assert!(largest_difference(&book, &exact) < 1e-6);
    assert!(largest_difference(&torch, &exact) > 1e-2);
}

#[test]
fn at_a_rate_of_zero_the_books_nesterov_stands_still() {
    let mut path = Path::from(book::Nesterov::DEFAULT, [1.0]);
    path.step(0.1, [1.0]);
    let at = path.at();
    for rate in [0.0, f32::from_bits(1), 1e-31] {
        path.step(rate, [1.0]);
        assert_eq!(path.at(), at, "at a rate of {rate:e}");
    }
}
