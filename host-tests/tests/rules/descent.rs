//! Every rule finds the minimum of a small, badly scaled quadratic.

use crate::path::Path;
use kilograd::optim::schedule::LinearDecay;
use kilograd::optim::*;

const MINIMUM: [f32; 3] = [1.0, -2.0, 0.5];
const CURVATURE: [f32; 3] = [10.0, 1.0, 0.1];
const START: [f32; 3] = [0.0, 0.0, 0.0];
const STEPS: u16 = 3_000;

fn gradient(at: [f32; 3]) -> [f32; 3] {
    core::array::from_fn(|i| CURVATURE[i] * (at[i] - MINIMUM[i]))
}

/// The largest distance to the minimum, after the rate fell from `rate` to nothing.
fn distance<R: Rule>(rule: R, rate: f32) -> f32 {
    let mut path = Path::from(rule, START);
    for step in 0..STEPS {
        let left = 1.0 - f32::from(step) / f32::from(STEPS);
        path.step(rate * left, gradient(path.at()));
    }
    path.at().iter().zip(MINIMUM).map(|(w, minimum)| (w - minimum).abs()).fold(0.0, f32::max)
}

#[test]
fn every_rule_finds_a_minimum() {
    // Plain descent is bound by the steepest direction, 2/10, and has the flattest one left: e^(−0.1·0.1·1500).
    let rising = ScheduledMomentum { schedule: LinearDecay { initial: 0.5, last: 0.99, steps: 1000 }, nesterov: true };
    let distances = [
        ("sgd", distance(Sgd, 0.1)),
        ("adabelief", distance(AdaBelief::DEFAULT, 0.01)),
        ("adadelta", distance(AdaDelta::DEFAULT, 5.0)),
        ("adagrad", distance(AdaGrad::DEFAULT, 0.3)),
        ("adamax", distance(AdaMax::DEFAULT, 0.01)),
        ("amsgrad", distance(AmsGrad::DEFAULT, 0.01)),
        ("asgd", distance(Asgd { decay: 1e-7, ..Asgd::DEFAULT }, 0.1)),
        ("centered rmsprop", distance(CenteredRmsProp::DEFAULT, 1e-3)),
        ("lion", distance(Lion::DEFAULT, 0.01)),
        ("nadam", distance(NAdam::DEFAULT, 0.01)),
        ("radam", distance(RAdam::DEFAULT, 0.01)),
        ("rmsprop", distance(RmsProp::DEFAULT, 0.01)),
        ("rmsprop, momentum", distance(Then(RmsProp::DEFAULT, Momentum::DEFAULT), 1e-3)),
        ("rprop", distance(Rprop::DEFAULT, 0.01)),
        ("scheduled momentum", distance(rising, 0.01)),
        ("sign_sgd", distance(SignSgd, 0.01)),
        ("yogi", distance(Yogi::DEFAULT, 0.01)),
        ("book nesterov", distance(book::Nesterov::DEFAULT, 0.01)),
        ("book rmsprop", distance(book::RmsProp::DEFAULT, 0.01)),
        ("book rmsprop, nesterov", distance(book::RmsPropNesterov::new(0.9, 0.7), 1e-3)),
    ];
    for (name, distance) in distances {
        assert!(distance < 1e-4, "{name} ends {distance:e} from the minimum");
    }
}
