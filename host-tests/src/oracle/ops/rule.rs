//! The library's rules by the oracle's names, with the settings of a case.

use super::super::Trouble;
use super::super::schema::Case;
use kilograd::optim::{Adam, Momentum, Rule, Sgd, Tensorwise, Then, WeightDecay};

/// A rule whose state can be kept in vectors of any length.
pub(super) trait Stateful: Rule {
    /// What the oracle calls each of the state's vectors.
    fn names() -> Vec<&'static str>;

    /// The state that lies in `vectors`, one for each name.
    fn slices(vectors: &mut [Vec<f32>]) -> Self::View<'_>;
}

impl Stateful for Sgd {
    fn names() -> Vec<&'static str> {
        vec![]
    }

    fn slices(_: &mut [Vec<f32>]) {}
}

impl Stateful for WeightDecay {
    fn names() -> Vec<&'static str> {
        vec![]
    }

    fn slices(_: &mut [Vec<f32>]) {}
}

impl Stateful for Momentum {
    fn names() -> Vec<&'static str> {
        vec!["buf"]
    }

    fn slices(vectors: &mut [Vec<f32>]) -> &mut [f32] {
        vectors.first_mut().map_or(&mut [], |buf| buf.as_mut_slice())
    }
}

impl Stateful for Adam {
    fn names() -> Vec<&'static str> {
        vec!["m", "v"]
    }

    fn slices(vectors: &mut [Vec<f32>]) -> (&mut [f32], &mut [f32]) {
        match vectors {
            [m, v, ..] => (m, v),
            _ => (&mut [], &mut []),
        }
    }
}

impl<A: Stateful, B: Stateful + Tensorwise> Stateful for Then<A, B> {
    fn names() -> Vec<&'static str> {
        [A::names(), B::names()].concat()
    }

    fn slices(vectors: &mut [Vec<f32>]) -> Self::View<'_> {
        let (a, b) = vectors.split_at_mut(A::names().len());
        (A::slices(a), B::slices(b))
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
        "sgd" => regularised(Sgd, weight_decay, work),
        "momentum" | "nesterov" => regularised(momentum(case)?, weight_decay, work),
        "adam" => regularised(adam(case)?, weight_decay, work),
        "adamw" => checked(Then(adam(case)?, WeightDecay { weight_decay }), work),
        other => Err(Trouble::NotImplemented(format!("the optimizer {other}"))),
    }
}

/// L2 regularisation, where a case asks for any.
fn regularised<R: Stateful + Tensorwise>(rule: R, weight_decay: f32, work: impl WithRule) -> Result<(), Trouble> {
    match weight_decay {
        0.0 => checked(rule, work),
        weight_decay => checked(Then(WeightDecay { weight_decay }, rule), work),
    }
}

fn checked<R: Stateful>(rule: R, work: impl WithRule) -> Result<(), Trouble> {
    rule.check()?;
    work.with(rule)
}

fn momentum(case: &Case) -> Result<Momentum, Trouble> {
    Ok(Momentum {
        momentum: case.setting("momentum")?,
        dampening: case.setting_or("dampening", 0.0)?,
        nesterov: case.flag_or("nesterov", false)?,
    })
}

fn adam(case: &Case) -> Result<Adam, Trouble> {
    let (beta1, beta2) = case.pair_or("betas", (Adam::DEFAULT.beta1, Adam::DEFAULT.beta2))?;
    Ok(Adam { beta1, beta2, epsilon: case.setting_or("eps", Adam::DEFAULT.epsilon)? })
}
