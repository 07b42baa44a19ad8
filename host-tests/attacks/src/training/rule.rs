//! Any rule.

use super::{AnyLoss, AnySchedule, Squashed, accumulated, fused};
use crate::Draw;
use kilograd::optim::schedule::LinearDecay;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaMax, Adafactor, AmsGrad, Asgd, CenteredRmsProp, Delayed, Elementwise, Lamb, Lars, NAdam,
    NaturalGradient, Norm, RAdam, Rprop, ScheduledMomentum, Shampoo, SignSgd, Yogi, book,
};
use kilograd::prelude::*;

/// Trains with a rule that the bytes name and set.
pub fn with_any(loss: &AnyLoss, schedule: &AnySchedule, draw: &mut Draw<'_>) {
    match draw.below(30) {
        0 => either(Sgd, loss, schedule, draw),
        1 => either(momentum(draw), loss, schedule, draw),
        2 => either(adam(draw), loss, schedule, draw),
        3 => either(Then(adam(draw), decay(draw)), loss, schedule, draw),
        4 => either(AdaBelief { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        5 => either(AdaDelta { rho: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        6 => either(adagrad(draw), loss, schedule, draw),
        7 => either(AdaMax { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        8 => either(AmsGrad { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        9 => either(Asgd { decay: draw.setting(0.1), power: draw.setting(1.0), start: draw.count() }, loss, schedule, draw),
        10 => either(CenteredRmsProp { rho: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        11 => either(Then(Lion { beta1: draw.decay(), beta2: draw.decay() }, decay(draw)), loss, schedule, draw),
        12 => either(nadam(draw), loss, schedule, draw),
        13 => either(RAdam { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        14 => either(Then(RmsProp { rho: draw.decay(), epsilon: draw.epsilon() }, momentum(draw)), loss, schedule, draw),
        15 => either(rprop(draw), loss, schedule, draw),
        16 => either(scheduled_momentum(draw), loss, schedule, draw),
        17 => either(Then(decay(draw), SignSgd), loss, schedule, draw),
        18 => either(yogi(draw), loss, schedule, draw),
        19 => either(book::RmsProp { rho: draw.decay(), delta: draw.epsilon() }, loss, schedule, draw),
        20 => either(book::RmsPropNesterov::new(draw.decay(), draw.decay()), loss, schedule, draw),
        21 => either(Then(ClipValue { bound: draw.setting(1.0) }, momentum(draw)), loss, schedule, draw),
        22 => either(NaturalGradient { beta2: draw.decay(), epsilon: draw.epsilon() }, loss, schedule, draw),
        23 => either(Then(Delayed::<2>, Sgd), loss, schedule, draw),
        24 => stored(Then(clip(draw), adam(draw)), loss, schedule, draw),
        25 => stored(Lamb::new(draw.setting(0.1)), loss, schedule, draw),
        26 => stored(Lars::new(draw.setting(0.1), draw.setting(0.1), momentum(draw)), loss, schedule, draw),
        27 => stored(adafactor(draw), loss, schedule, draw),
        28 => stored(Shampoo { epsilon: draw.epsilon(), every: draw.count() }, loss, schedule, draw),
        _ => either(Then(book::Nesterov { momentum: draw.decay() }, decay(draw)), loss, schedule, draw),
    }
}

/// A rule that can be fused, in one of both ways.
fn either<R: Elementwise + Clone>(rule: R, loss: &AnyLoss, schedule: &AnySchedule, draw: &mut Draw<'_>) {
    if draw.once_in(2) { fused::<Squashed, R>(rule, loss, schedule, draw) } else { stored(rule, loss, schedule, draw) }
}

/// A rule that wants the gradient stored.
fn stored<R: Rule + Clone>(rule: R, loss: &AnyLoss, schedule: &AnySchedule, draw: &mut Draw<'_>) {
    accumulated::<Squashed, R>(rule, loss, schedule, draw);
}

fn decay(draw: &mut Draw<'_>) -> WeightDecay {
    WeightDecay { weight_decay: draw.setting(0.1) }
}

fn momentum(draw: &mut Draw<'_>) -> Momentum {
    Momentum { momentum: draw.decay(), dampening: draw.decay(), nesterov: draw.once_in(2) }
}

fn adam(draw: &mut Draw<'_>) -> Adam {
    Adam { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon() }
}

fn adagrad(draw: &mut Draw<'_>) -> AdaGrad {
    AdaGrad { epsilon: draw.epsilon(), rate_decay: draw.setting(0.1), initial: draw.setting(0.1) }
}

fn nadam(draw: &mut Draw<'_>) -> NAdam {
    NAdam { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon(), momentum_decay: draw.setting(0.1) }
}

fn rprop(draw: &mut Draw<'_>) -> Rprop {
    let (decrease, increase) = (draw.decay(), 1.0 + draw.setting(1.0));
    Rprop { decrease, increase, smallest: draw.epsilon(), largest: draw.setting(50.0) }
}

fn scheduled_momentum(draw: &mut Draw<'_>) -> ScheduledMomentum<LinearDecay> {
    let schedule = LinearDecay { initial: draw.decay(), last: draw.decay(), steps: draw.count() };
    ScheduledMomentum { schedule, nesterov: draw.once_in(2) }
}

fn yogi(draw: &mut Draw<'_>) -> Yogi {
    Yogi { beta1: draw.decay(), beta2: draw.decay(), epsilon: draw.epsilon(), initial: draw.setting(1e-3) }
}

fn clip(draw: &mut Draw<'_>) -> ClipNorm {
    ClipNorm { bound: draw.setting(1.0), norm: [Norm::L1, Norm::L2, Norm::Max][usize::from(draw.below(3))] }
}

fn adafactor(draw: &mut Draw<'_>) -> Adafactor {
    let (decay_power, clip) = (draw.setting(1.0), draw.setting(1.0));
    Adafactor { decay_power, epsilon1: draw.epsilon(), epsilon2: draw.epsilon(), clip }
}
