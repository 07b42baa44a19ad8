//! A step of every rule over 2048 parameters, the gradient stored. Another step comes first, so that there is something to
//! remember; the measured one counts as the thousandth, where RAdam divides.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, AmsGrad, Asgd, CenteredRmsProp, Lion, NAdam, RAdam, RmsProp, Rprop, ScheduledMomentum,
    SignSgd, Yogi, book,
};
use kilograd::prelude::*;

/// 2048 parameters.
type Weights = Matrix<64, 32>;

pub fn run() {
    let source = &mut Source::new();
    rule("rule sgd", Sgd, source);
    rule("rule momentum", Momentum::DEFAULT, source);
    rule("rule momentum, nesterov", Momentum::NESTEROV, source);
    rule("rule momentum, scheduled", ScheduledMomentum { schedule: 0.9, nesterov: false }, source);
    rule("rule nesterov, the book's", book::Nesterov::DEFAULT, source);
    rule("rule adagrad", AdaGrad::DEFAULT, source);
    rule("rule adadelta", AdaDelta::DEFAULT, source);
    rule("rule rmsprop", RmsProp::DEFAULT, source);
    rule("rule rmsprop, centered", CenteredRmsProp::DEFAULT, source);
    rule("rule rmsprop, momentum", Then(RmsProp::DEFAULT, Momentum::DEFAULT), source);
    rule("rule rmsprop, the book's", book::RmsProp::DEFAULT, source);
    rule("rule rmsprop, the book's with nesterov", book::RmsPropNesterov::new(0.9, 0.7), source);
    rule("rule adam", Adam::DEFAULT, source);
    rule("rule adamw", AdamW::new(0.01), source);
    rule("rule amsgrad", AmsGrad::DEFAULT, source);
    rule("rule adamax", AdaMax::DEFAULT, source);
    rule("rule nadam", NAdam::DEFAULT, source);
    rule("rule radam", RAdam::DEFAULT, source);
    rule("rule adabelief", AdaBelief::DEFAULT, source);
    rule("rule yogi", Yogi::DEFAULT, source);
    rule("rule lion", Lion::DEFAULT, source);
    rule("rule sign_sgd", SignSgd, source);
    rule("rule rprop", Rprop::DEFAULT, source);
    rule("rule asgd", Asgd::DEFAULT, source);
}

#[inline(never)]
fn rule<R: Rule>(name: &str, rule: R, source: &mut Source) {
    let mut weights = source.array::<2048>();
    let mut state = R::State::<Weights>::ZERO;
    for step in [1, 1000] {
        let mut gradient = source.array::<2048>();
        let mut take = || {
            let rule = black_box(&rule);
            let plan = rule.plan::<()>(black_box(step), black_box(0.01), None);
            rule.descend(&plan, black_box(0.01), black_box(&mut weights[..]), black_box(&mut gradient[..]), R::view(&mut state));
        };
        match step {
            1 => take(),
            _ => measure(name, 2048, take),
        }
    }
}
