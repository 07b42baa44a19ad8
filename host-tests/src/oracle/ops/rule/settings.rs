//! Rules with the settings of a case. What a case leaves out is the library's default, which is the references' own.

use super::super::super::Trouble;
use super::super::super::schema::Case;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, Adafactor, Adam, AmsGrad, Asgd, CenteredRmsProp, Lamb, Lars, Lion, Momentum, NAdam,
    RAdam, RmsProp, Rprop, Then, Yogi,
};

pub(super) fn adabelief(case: &Case) -> Result<AdaBelief, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(AdaBelief { beta1, beta2, epsilon: case.setting_or("eps", AdaBelief::DEFAULT.epsilon)? })
}

pub(super) fn adadelta(case: &Case) -> Result<AdaDelta, Trouble> {
    let AdaDelta { rho, epsilon } = AdaDelta::DEFAULT;
    Ok(AdaDelta { rho: case.setting_or("rho", rho)?, epsilon: case.setting_or("eps", epsilon)? })
}

pub(in super::super) fn adafactor(case: &Case) -> Result<Adafactor, Trouble> {
    let default = Adafactor::DEFAULT;
    let (epsilon1, epsilon2) = case.pair_or("eps", (default.epsilon1, default.epsilon2))?;
    let decay_power = -case.setting_or("beta2_decay", -default.decay_power)?;
    Ok(Adafactor { decay_power, epsilon1, epsilon2, clip: case.setting_or("d", default.clip)? })
}

pub(super) fn adagrad(case: &Case) -> Result<AdaGrad, Trouble> {
    let AdaGrad { epsilon, rate_decay, initial } = AdaGrad::DEFAULT;
    Ok(AdaGrad {
        epsilon: case.setting_or("eps", epsilon)?,
        rate_decay: case.setting_or("lr_decay", rate_decay)?,
        initial: case.setting_or("initial_accumulator_value", initial)?,
    })
}

pub(super) fn adam(case: &Case) -> Result<Adam, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(Adam { beta1, beta2, epsilon: case.setting_or("eps", Adam::DEFAULT.epsilon)? })
}

pub(super) fn adamax(case: &Case) -> Result<AdaMax, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(AdaMax { beta1, beta2, epsilon: case.setting_or("eps", AdaMax::DEFAULT.epsilon)? })
}

pub(super) fn amsgrad(case: &Case) -> Result<AmsGrad, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(AmsGrad { beta1, beta2, epsilon: case.setting_or("eps", AmsGrad::DEFAULT.epsilon)? })
}

pub(super) fn asgd(case: &Case) -> Result<Asgd, Trouble> {
    let Asgd { decay, power, start } = Asgd::DEFAULT;
    let t0 = case.setting_or("t0", start as f32)?;
    if t0.fract() != 0.0 {
        return Err(Trouble::NotImplemented(format!("asgd whose average begins after {t0} steps")));
    }
    Ok(Asgd { decay: case.setting_or("lambd", decay)?, power: case.setting_or("alpha", power)?, start: t0 as u32 })
}

pub(in super::super) fn lamb(case: &Case) -> Result<Lamb, Trouble> {
    let Then(adam, trust) = Lamb::new(case.setting_or("weight_decay", 0.0)?);
    let (beta1, beta2) = betas(case)?;
    Ok(Then(Adam { beta1, beta2, epsilon: case.setting_or("eps", adam.epsilon)? }, trust))
}

pub(in super::super) fn lars(case: &Case) -> Result<Lars, Trouble> {
    Ok(Lars::new(case.setting("trust_coefficient")?, case.setting_or("weight_decay", 0.0)?, momentum(case)?))
}

pub(super) fn lion(case: &Case) -> Result<Lion, Trouble> {
    let Lion { beta1, beta2 } = Lion::DEFAULT;
    Ok(Lion { beta1: case.setting_or("b1", beta1)?, beta2: case.setting_or("b2", beta2)? })
}

pub(super) fn momentum(case: &Case) -> Result<Momentum, Trouble> {
    Ok(Momentum {
        momentum: case.setting("momentum")?,
        dampening: case.setting_or("dampening", 0.0)?,
        nesterov: case.flag_or("nesterov", false)?,
    })
}

pub(super) fn nadam(case: &Case) -> Result<NAdam, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(NAdam {
        beta1,
        beta2,
        epsilon: case.setting_or("eps", NAdam::DEFAULT.epsilon)?,
        momentum_decay: case.setting_or("momentum_decay", NAdam::DEFAULT.momentum_decay)?,
    })
}

pub(super) fn radam(case: &Case) -> Result<RAdam, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(RAdam { beta1, beta2, epsilon: case.setting_or("eps", RAdam::DEFAULT.epsilon)? })
}

/// Plain and centered.
pub(super) fn rmsprop(case: &Case) -> Result<(RmsProp, CenteredRmsProp), Trouble> {
    let RmsProp { rho, epsilon } = RmsProp::DEFAULT;
    let (rho, epsilon) = (case.setting_or("alpha", rho)?, case.setting_or("eps", epsilon)?);
    Ok((RmsProp { rho, epsilon }, CenteredRmsProp { rho, epsilon }))
}

pub(super) fn rprop(case: &Case) -> Result<Rprop, Trouble> {
    let Rprop { decrease, increase, smallest, largest } = Rprop::DEFAULT;
    let (decrease, increase) = case.pair_or("etas", (decrease, increase))?;
    let (smallest, largest) = case.pair_or("step_sizes", (smallest, largest))?;
    Ok(Rprop { decrease, increase, smallest, largest })
}

pub(super) fn yogi(case: &Case) -> Result<Yogi, Trouble> {
    let (beta1, beta2) = betas(case)?;
    Ok(Yogi { beta1, beta2, epsilon: case.setting_or("eps", Yogi::DEFAULT.epsilon)?, ..Yogi::DEFAULT })
}

/// PyTorch names them as a pair, optax one by one.
fn betas(case: &Case) -> Result<(f32, f32), Trouble> {
    let (beta1, beta2) = case.pair_or("betas", (Adam::DEFAULT.beta1, Adam::DEFAULT.beta2))?;
    Ok((case.setting_or("b1", beta1)?, case.setting_or("b2", beta2)?))
}
