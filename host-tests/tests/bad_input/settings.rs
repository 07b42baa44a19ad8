//! Settings of losses and rules outside their ranges: no trainer can be made of them.

use crate::twins::{Net, memory};
use kilograd::loss::{Huber, MultiMargin, SmoothL1, WeightedCrossEntropy};
use kilograd::optim::schedule::StepDecay;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, AmsGrad, Asgd, CenteredRmsProp, Lion, NAdam, RAdam, RmsProp, Rprop, ScheduledMomentum,
    Yogi, book,
};
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Averaging, DebiasedExponential, Exponential, StochasticWeights};
use kilograd::{Error, Setting};

const NOT_FINITE: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// Whether `result` is an error about this setting with this value (NaN is not equal to itself).
fn is_about<T>(result: Result<T, Error>, setting: Setting, value: f32) -> bool {
    matches!(result, Err(Error::Setting(what, got)) if what == setting && got.to_bits() == value.to_bits())
}

/// Checks that a rule is refused by itself, on either side of another one, and by a trainer.
fn rule_refused<R: Rule + Copy>(rule: R, setting: Setting, value: f32) {
    assert!(is_about(rule.check(), setting, value));
    assert!(is_about(Then(rule, Sgd).check(), setting, value));
    let trainer = Trainer::new(&mut *memory::<R, Accumulated>(), CrossEntropy::default(), rule, 0.1).map(|_| ());
    assert!(is_about(trainer, setting, value));
}

fn loss_refused<L: Loss<Vector<3>>>(loss: L, setting: Setting, value: f32) {
    assert!(is_about(loss.check(), setting, value));
    let trainer = Trainer::new(&mut *memory::<Sgd, Fused>(), loss, Sgd, 0.1).map(|_| ());
    assert!(is_about(trainer, setting, value));
}

#[test]
fn decays_from_zero_to_just_below_one() {
    for wrong in [-0.1, 1.0, 1.5].into_iter().chain(NOT_FINITE) {
        rule_refused(Momentum { momentum: wrong, ..Momentum::DEFAULT }, Setting::Momentum, wrong);
        rule_refused(Momentum { dampening: wrong, ..Momentum::NESTEROV }, Setting::Dampening, wrong);
        rule_refused(Adam { beta1: wrong, ..Adam::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(Adam { beta2: wrong, ..Adam::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(Then(Adam { beta2: wrong, ..Adam::DEFAULT }, WeightDecay { weight_decay: 0.1 }), Setting::Beta2, wrong);
    }
    for wrong in [-0.1, 1.0, 1.5].into_iter().chain(NOT_FINITE) {
        rule_refused(AdaBelief { beta1: wrong, ..AdaBelief::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(AdaBelief { beta2: wrong, ..AdaBelief::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(AdaDelta { rho: wrong, ..AdaDelta::DEFAULT }, Setting::Rho, wrong);
        rule_refused(AdaMax { beta1: wrong, ..AdaMax::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(AdaMax { beta2: wrong, ..AdaMax::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(AmsGrad { beta1: wrong, ..AmsGrad::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(AmsGrad { beta2: wrong, ..AmsGrad::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(CenteredRmsProp { rho: wrong, ..CenteredRmsProp::DEFAULT }, Setting::Rho, wrong);
        rule_refused(Lion { beta1: wrong, ..Lion::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(Lion { beta2: wrong, ..Lion::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(NAdam { beta1: wrong, ..NAdam::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(NAdam { beta2: wrong, ..NAdam::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(RAdam { beta1: wrong, ..RAdam::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(RAdam { beta2: wrong, ..RAdam::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(RmsProp { rho: wrong, ..RmsProp::DEFAULT }, Setting::Rho, wrong);
        rule_refused(Yogi { beta1: wrong, ..Yogi::DEFAULT }, Setting::Beta1, wrong);
        rule_refused(Yogi { beta2: wrong, ..Yogi::DEFAULT }, Setting::Beta2, wrong);
        rule_refused(book::Nesterov { momentum: wrong }, Setting::Momentum, wrong);
        rule_refused(book::RmsProp { rho: wrong, ..book::RmsProp::DEFAULT }, Setting::Rho, wrong);
        rule_refused(book::RmsPropNesterov::new(0.9, wrong), Setting::Momentum, wrong);
    }
    for right in [0.0, 1.0 - f32::EPSILON / 2.0] {
        assert_eq!(Momentum { momentum: right, dampening: right, nesterov: true }.check(), Ok(()));
        assert_eq!(Adam { beta1: right, beta2: right, epsilon: f32::MIN_POSITIVE }.check(), Ok(()));
    }
}

#[test]
fn numbers_above_zero() {
    for wrong in [0.0, -0.0, -1.0].into_iter().chain(NOT_FINITE) {
        rule_refused(Adam { epsilon: wrong, ..Adam::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(AdaBelief { epsilon: wrong, ..AdaBelief::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(AdaDelta { epsilon: wrong, ..AdaDelta::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(AdaGrad { epsilon: wrong, ..AdaGrad::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(AdaMax { epsilon: wrong, ..AdaMax::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(AmsGrad { epsilon: wrong, ..AmsGrad::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(CenteredRmsProp { epsilon: wrong, ..CenteredRmsProp::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(NAdam { epsilon: wrong, ..NAdam::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(RAdam { epsilon: wrong, ..RAdam::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(RmsProp { epsilon: wrong, ..RmsProp::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(Yogi { epsilon: wrong, ..Yogi::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(book::RmsProp { delta: wrong, ..book::RmsProp::DEFAULT }, Setting::Epsilon, wrong);
        rule_refused(Rprop { smallest: wrong, ..Rprop::DEFAULT }, Setting::StepSize, wrong);
        rule_refused(ClipValue { bound: wrong }, Setting::ClipBound, wrong);
        rule_refused(ClipNorm::new(wrong), Setting::ClipBound, wrong);
        rule_refused(Then(ClipNorm::new(wrong), Adam::DEFAULT), Setting::ClipBound, wrong);
        rule_refused(Then(Momentum::DEFAULT, ClipValue { bound: wrong }), Setting::ClipBound, wrong);
        loss_refused(Huber { delta: wrong }, Setting::Threshold, wrong);
        loss_refused(SmoothL1 { beta: wrong }, Setting::Threshold, wrong);
        loss_refused(MultiMargin { margin: wrong }, Setting::Margin, wrong);
    }
}

#[test]
fn numbers_from_zero() {
    for wrong in [-1.0, -f32::MIN_POSITIVE].into_iter().chain(NOT_FINITE) {
        rule_refused(WeightDecay { weight_decay: wrong }, Setting::WeightDecay, wrong);
        rule_refused(AdamW::new(wrong), Setting::WeightDecay, wrong);
        rule_refused(Asgd { decay: wrong, ..Asgd::DEFAULT }, Setting::WeightDecay, wrong);
        rule_refused(Asgd { power: wrong, ..Asgd::DEFAULT }, Setting::DecayFactor, wrong);
        rule_refused(AdaGrad { rate_decay: wrong, ..AdaGrad::DEFAULT }, Setting::DecayFactor, wrong);
        rule_refused(AdaGrad { initial: wrong, ..AdaGrad::DEFAULT }, Setting::InitialValue, wrong);
        rule_refused(NAdam { momentum_decay: wrong, ..NAdam::DEFAULT }, Setting::DecayFactor, wrong);
        rule_refused(Yogi { initial: wrong, ..Yogi::DEFAULT }, Setting::InitialValue, wrong);
        loss_refused(BinaryCrossEntropy { positive_weight: wrong }, Setting::ClassWeight, wrong);
        for class in 0..3 {
            let class_weights = Vector::from_fn(|i| if i == class { wrong } else { 1.0 });
            loss_refused(WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights }, Setting::ClassWeight, wrong);
        }
    }
}

#[test]
fn step_factors_and_sizes() {
    for wrong in [0.0, -0.5, 1.0, 1.2].into_iter().chain(NOT_FINITE) {
        rule_refused(Rprop { decrease: wrong, ..Rprop::DEFAULT }, Setting::StepFactor, wrong);
    }
    for wrong in [0.5, 1.0, -1.2].into_iter().chain(NOT_FINITE) {
        rule_refused(Rprop { increase: wrong, ..Rprop::DEFAULT }, Setting::StepFactor, wrong);
    }
    for wrong in [0.0, -1.0, 0.009, 1e7].into_iter().chain(NOT_FINITE) {
        rule_refused(Rprop { smallest: 0.01, largest: wrong, ..Rprop::DEFAULT }, Setting::StepSize, wrong);
    }
    assert_eq!(Rprop { smallest: 0.01, largest: 0.01, ..Rprop::DEFAULT }.check(), Ok(()));
}

#[test]
fn scheduled_momenta() {
    let scheduled = |initial, factor| ScheduledMomentum { schedule: StepDecay { initial, factor, every: 1 }, nesterov: false };
    rule_refused(scheduled(1.0, 0.5), Setting::Momentum, 1.0);
    rule_refused(scheduled(0.5, -1.0), Setting::DecayFactor, -1.0);
    rule_refused(ScheduledMomentum { schedule: 1.5, nesterov: true }, Setting::Momentum, 1.5);
    assert!(ScheduledMomentum { schedule: f32::NAN, nesterov: true }.check().is_err());
    // What a schedule says later is cut off.
    assert_eq!(scheduled(0.5, 4.0).momentum(9).momentum, 1.0 - f32::EPSILON / 2.0);
}

#[test]
fn shares() {
    for wrong in [-0.1, 1.1].into_iter().chain(NOT_FINITE) {
        let inner = CrossEntropy { label_smoothing: wrong };
        loss_refused(inner, Setting::LabelSmoothing, wrong);
        let class_weights = Vector::from_fn(|_| 1.0);
        loss_refused(WeightedCrossEntropy { inner, class_weights }, Setting::LabelSmoothing, wrong);
    }
}

#[test]
fn averages_that_would_not_be_any() {
    fn refused(rule: impl Averaging, setting: Setting, value: f32) {
        let mut average = Average::<Vector<1>>::ZERO;
        assert!(is_about(rule.check(), setting, value));
        assert!(is_about(average.observe(&rule, &Vector::new([1.0])), setting, value));
        assert_eq!(average, Average::ZERO);
    }
    for wrong in [-0.1, 1.0, 1.5].into_iter().chain(NOT_FINITE) {
        refused(Exponential { decay: wrong }, Setting::AverageDecay, wrong);
        refused(DebiasedExponential { decay: wrong }, Setting::AverageDecay, wrong);
    }
    refused(StochasticWeights { start: 1, every: 0 }, Setting::Steps, 0.0);
    assert!(!StochasticWeights { start: 0, every: 0 }.takes(0));
    for decay in [0.0, 1.0 - f32::EPSILON / 2.0] {
        assert_eq!(Exponential { decay }.check(), Ok(()));
        assert_eq!(DebiasedExponential { decay }.check(), Ok(()));
    }
}

#[test]
fn a_refused_trainer_leaves_its_memory_to_the_next_one() {
    let mut memory = Memory::<Net, Sgd>::ZERO;
    assert!(Trainer::new(&mut memory, MeanSquaredError, Sgd, f32::NAN).is_err());
    assert!(Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).is_ok());
}
