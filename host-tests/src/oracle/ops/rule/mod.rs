//! The library's rules by the oracle's names, with the settings of a case.

pub(super) mod settings;
mod states;

use super::super::Trouble;
use super::super::schema::Case;
use kilograd::optim::{Rule, Sgd, SignSgd, Tensorwise, Then, WeightDecay};

/// A rule whose state can be kept in vectors of any length.
pub(super) trait Stateful: Rule {
    /// What the oracle calls each of the state's vectors.
    fn names() -> Vec<&'static str>;

    /// The state that lies in `vectors`, one for each name.
    fn slices(vectors: &mut [Vec<f32>]) -> Self::View<'_>;

    /// What the oracle records of step number `step`, counted from 1, beside the vectors: its names and values.
    fn once(&self, _step: u32, _rate: f32) -> Vec<(&'static str, f32)> {
        vec![]
    }
}

/// What can be done with any rule: rules are types, and a case's is known only when it is read.
pub(super) trait WithRule {
    /// Does it.
    fn with<R: Stateful>(self, rule: R) -> Result<(), Trouble>;
}

/// Does `work` with the rule that `name` and the settings of `case` mean.
pub(super) fn with_rule(name: &str, case: &Case, work: impl WithRule) -> Result<(), Trouble> {
    let weight_decay = case.setting_or("weight_decay", 0.0)?;
    match name {
        "adabelief" => checked(settings::adabelief(case)?, work),
        "adafactor" => decoupled(settings::adafactor(case)?, weight_decay, work),
        "adadelta" => regularised(settings::adadelta(case)?, weight_decay, work),
        "adagrad" => regularised(settings::adagrad(case)?, weight_decay, work),
        "adam" => regularised(settings::adam(case)?, weight_decay, work),
        "adamax" => regularised(settings::adamax(case)?, weight_decay, work),
        "adamw" => decoupled(settings::adam(case)?, weight_decay, work),
        "amsgrad" => regularised(settings::amsgrad(case)?, weight_decay, work),
        "asgd" => regularised(settings::asgd(case)?, weight_decay, work),
        "lamb" => checked(settings::lamb(case)?, work),
        "lars" => checked(settings::lars(case)?, work),
        "lion" => decoupled(settings::lion(case)?, weight_decay, work),
        "momentum" | "nesterov" => regularised(settings::momentum(case)?, weight_decay, work),
        "nadam" if case.flag_or("decoupled_weight_decay", false)? => decoupled(settings::nadam(case)?, weight_decay, work),
        "nadam" => regularised(settings::nadam(case)?, weight_decay, work),
        "radam" => regularised(settings::radam(case)?, weight_decay, work),
        "rmsprop" => rmsprop(case, weight_decay, work),
        "rprop" => checked(settings::rprop(case)?, work),
        "sgd" => regularised(Sgd, weight_decay, work),
        "sign_sgd" => checked(SignSgd, work),
        "yogi" => checked(settings::yogi(case)?, work),
        other => Err(Trouble::NotImplemented(format!("the optimizer {other}"))),
    }
}

/// PyTorch's RMSprop is four rules, by what its settings say.
fn rmsprop(case: &Case, weight_decay: f32, work: impl WithRule) -> Result<(), Trouble> {
    let (plain, centered) = settings::rmsprop(case)?;
    let momentum = if case.setting_or("momentum", 0.0)? > 0.0 { Some(settings::momentum(case)?) } else { None };
    match (case.flag_or("centered", false)?, momentum) {
        (false, None) => regularised(plain, weight_decay, work),
        (false, Some(momentum)) => regularised(Then(plain, momentum), weight_decay, work),
        (true, None) => regularised(centered, weight_decay, work),
        (true, Some(momentum)) => regularised(Then(centered, momentum), weight_decay, work),
    }
}

/// L2 regularisation, where a case asks for any.
fn regularised<R: Stateful + Tensorwise>(rule: R, weight_decay: f32, work: impl WithRule) -> Result<(), Trouble> {
    match weight_decay {
        0.0 => checked(rule, work),
        weight_decay => checked(Then(WeightDecay { weight_decay }, rule), work),
    }
}

/// Decoupled weight decay, where a case asks for any.
fn decoupled<R: Stateful>(rule: R, weight_decay: f32, work: impl WithRule) -> Result<(), Trouble> {
    match weight_decay {
        0.0 => checked(rule, work),
        weight_decay => checked(Then(rule, WeightDecay { weight_decay }), work),
    }
}

fn checked<R: Stateful>(rule: R, work: impl WithRule) -> Result<(), Trouble> {
    rule.check()?;
    work.with(rule)
}
