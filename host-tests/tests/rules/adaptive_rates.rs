//! Section 8.5: what becomes of each parameter's rate.

use crate::path::Path;
use kilograd::optim::{AdaGrad, CenteredRmsProp, RmsProp, Rule, book};

/// The slope of `f(x) = 10/cosh²(x) + (x − 30)²/2000`: a hill at 0, and a plain with its lowest point at 30. Not convex.
fn gradient(x: f32) -> f32 {
    let tanh = x.tanh();
    -20.0 * tanh * (1.0 - tanh * tanh) + (x - 30.0) / 1000.0
}

/// Where `steps` steps at the rate 0.1 lead from the side of the hill.
fn walk<R: Rule>(rule: R, steps: usize) -> f32 {
    let mut path = Path::from(rule, [0.5]);
    for _ in 0..steps {
        path.step(0.1, [gradient(path.at()[0])]);
    }
    path.at()[0]
}

#[test]
fn adagrads_rate_collapses_where_rmsprop_goes_on() {
    // AdaGrad never forgets the hill, whose slope is 7: the plain's, 0.03 and less, is divided by that for ever.
    let steps = 1000;
    let (adagrad, rmsprop) = (walk(AdaGrad::BOOK, steps), walk(book::RmsProp::DEFAULT, steps));
    assert!(adagrad < 6.0, "AdaGrad got to {adagrad}");
    assert!((rmsprop - 30.0).abs() < 0.5, "RMSProp got to {rmsprop}");
    // It still moves, ever more slowly.
    assert!(walk(AdaGrad::BOOK, 2 * steps) > adagrad);
}

#[test]
fn adagrads_rate_falls_as_one_over_the_root_of_the_steps() {
    let mut path = Path::from(AdaGrad::DEFAULT, [0.0]);
    for step in 1..=10_000_u16 {
        let before = path.at()[0];
        path.step(1.0, [-2.0]);
        let step_length = path.at()[0] - before;
        // Weights of up to 200 round to 8e-6.
        assert!((step_length - 1.0 / f32::from(step).sqrt()).abs() < 2e-5, "step {step}: {step_length}");
    }
}

#[test]
fn rmsprops_rate_forgets() {
    // After gradients a thousand times larger, ρ = 0.9 is back to its full rate within 200 steps.
    let mut path = Path::from(RmsProp { rho: 0.9, ..RmsProp::DEFAULT }, [0.0]);
    (0..100).for_each(|_| path.step(0.0, [1000.0]));
    (0..200).for_each(|_| path.step(0.0, [1.0]));
    let before = path.at()[0];
    path.step(1.0, [1.0]);
    assert!((before - path.at()[0] - 1.0).abs() < 1e-3, "{}", before - path.at()[0]);
}

#[test]
fn a_gradient_that_does_not_change_has_no_deviation() {
    // r − a² is rounding alone, of either sign: the direction is large, but a number.
    let mut path = Path::from(CenteredRmsProp::DEFAULT, [0.0; 3]);
    for _ in 0..5_000 {
        path.step(1e-12, [0.1, 3.0, -7e4]);
        assert!(path.at().iter().all(|w| w.is_finite()), "{:?}", path.at());
    }
}
