//! Learning-rate schedules: the rate of every step.

use super::super::Trouble;
use super::super::compare::{Comparison, Group, Tolerance};
use super::super::schema::{Case, Document};
use kilograd::optim::schedule::{
    Anneal, Better, CosineAnnealing, CosineRestarts, CyclicTriangular, ExponentialDecay, InverseSqrt, InverseTime, LinearDecay,
    MultiStepDecay, OneCycle, Plateau, PlateauDecay, PolynomialDecay, Schedule, StepDecay, Threshold, WarmupCosine,
};
use serde_json::Value;

/// `constant`.
pub(super) fn constant(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    compare(case.setting("base_lr")?, case, comparison)
}

/// `step`.
pub(super) fn step(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (initial, factor) = (case.setting("base_lr")?, case.setting("gamma")?);
    compare(StepDecay { initial, factor, every: steps(case, "step_size")? }, case, comparison)
}

/// `exponential`.
pub(super) fn exponential(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    compare(ExponentialDecay { initial: case.setting("base_lr")?, factor: case.setting("gamma")? }, case, comparison)
}

/// `book_linear`, whose last rate is a share of the first.
pub(super) fn book_linear(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let initial = case.setting("base_lr")?;
    let last = case.setting("final_fraction")? * initial;
    compare(LinearDecay { initial, last, steps: steps(case, "tau")? }, case, comparison)
}

/// `warmup_cosine`.
pub(super) fn warmup_cosine(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let schedule = WarmupCosine {
        initial: case.setting("init_lr")?,
        peak: case.setting("base_lr")?,
        last: case.setting("end_lr")?,
        warmup: steps(case, "warmup")?,
        total: steps(case, "total")?,
    };
    compare(schedule, case, comparison)
}

/// `cosine`.
pub(super) fn cosine(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (initial, last) = (case.setting("base_lr")?, case.setting("eta_min")?);
    compare(CosineAnnealing { initial, last, steps: steps(case, "t_max")? }, case, comparison)
}

/// `cosine_restarts`.
pub(super) fn cosine_restarts(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (initial, last) = (case.setting("base_lr")?, case.setting("eta_min")?);
    let (steps, growth) = (steps(case, "t_0")?, steps(case, "t_mult")?);
    compare(CosineRestarts { initial, last, steps, growth }, case, comparison)
}

/// `cyclic_triangular`.
pub(super) fn cyclic_triangular(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (low, high) = (case.setting("low")?, case.setting("high")?);
    compare(CyclicTriangular { low, high, steps: steps(case, "step_up")? }, case, comparison)
}

/// `inverse_sqrt`.
pub(super) fn inverse_sqrt(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    compare(InverseSqrt { initial: case.setting("base_lr")?, decay: case.setting("decay")? }, case, comparison)
}

/// `inverse_time`.
pub(super) fn inverse_time(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    compare(InverseTime { initial: case.setting("base_lr")?, decay: case.setting("decay")? }, case, comparison)
}

/// `multistep`; milestones that a case does not have lie beyond every step.
pub(super) fn multistep(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let malformed = || Trouble::Malformed("params.milestones are not up to eight steps".into());
    let given = case.params.get("milestones").and_then(Value::as_array).ok_or_else(malformed)?;
    let mut milestones = [u32::MAX; 8];
    if given.len() > milestones.len() {
        return Err(malformed());
    }
    for (milestone, value) in milestones.iter_mut().zip(given) {
        *milestone = value.as_u64().and_then(|value| u32::try_from(value).ok()).ok_or_else(malformed)?;
    }
    compare(MultiStepDecay { initial: case.setting("base_lr")?, factor: case.setting("gamma")?, milestones }, case, comparison)
}

/// `one_cycle`, whose rates are given as ratios and whose rise as a share of the steps.
pub(super) fn one_cycle(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let total = steps(case, "total")?;
    let risen = f64::from(case.setting("pct_start")?) * f64::from(total) - 1.0;
    let warmup = risen.round();
    // A setting in single precision is off by 6e-8 of itself.
    if total == 0 || warmup < 0.0 || (warmup - risen).abs() > 1e-6 * f64::from(total) {
        return Err(Trouble::NotImplemented(format!("one_cycle with a rise of {risen} steps")));
    }
    let anneal = match case.text("anneal")? {
        "cos" => Anneal::Cosine,
        "linear" => Anneal::Linear,
        other => return Err(Trouble::NotImplemented(format!("one_cycle with the strategy {other}"))),
    };
    let peak = case.setting("max_lr")?;
    let initial = peak / case.setting("div_factor")?;
    let last = initial / case.setting("final_div_factor")?;
    let three_phase = case.flag_or("three_phase", false)?;
    let (warmup, total) = (warmup as u32, total - 1);
    compare(OneCycle { initial, peak, last, warmup, total, anneal, three_phase }, case, comparison)
}

/// `polynomial`.
pub(super) fn polynomial(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (initial, power) = (case.setting("base_lr")?, case.setting("power")?);
    compare(PolynomialDecay { initial, steps: steps(case, "total")?, power }, case, comparison)
}

/// `reduce_on_plateau`: the rate after each metric.
pub(super) fn reduce_on_plateau(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let threshold = case.setting("threshold")?;
    let mut plateau = Plateau::new(PlateauDecay {
        initial: case.setting("base_lr")?,
        factor: case.setting("factor")?,
        patience: steps(case, "patience")?,
        cooldown: steps(case, "cooldown")?,
        last: case.setting("min_lr")?,
        better: match case.text("mode")? {
            "min" => Better::Lower,
            "max" => Better::Higher,
            other => return Err(Trouble::Malformed(format!("params.mode is {other}"))),
        },
        threshold: match case.text("threshold_mode")? {
            "rel" => Threshold::Relative(threshold),
            "abs" => Threshold::Absolute(threshold),
            other => return Err(Trouble::Malformed(format!("params.threshold_mode is {other}"))),
        },
    });
    plateau.check()?;
    let rate_after = |metric: f32| {
        plateau.observe(metric);
        plateau.learning_rate(0)
    };
    let rates: Vec<f32> = case.input("metric")?.values.into_iter().map(rate_after).collect();
    comparison.output("lr", &rates, tolerance(rates.len() as u32))
}

fn compare(schedule: impl Schedule, case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    schedule.check()?;
    let steps = case.expected("lr")?.values.len() as u32;
    let rates: Vec<f32> = (0..steps).map(|step| schedule.learning_rate(step)).collect();
    comparison.output("lr", &rates, tolerance(steps))
}

/// 1e-5 of each rate, and where a cosine comes down to zero one rounding of the highest.
///
/// A factor that is rounded to single precision, 6e-8, and raised to the power of the step is off by 6e-6 after 100 steps;
/// longer schedules are allowed in proportion.
fn tolerance(steps: u32) -> Tolerance {
    let relative = f64::max(1e-5, 1e-7 * f64::from(steps));
    Tolerance::Within { relative, absolute: f64::INFINITY, of_largest: 1e-7, group: Group::Tensor }
}

fn steps(case: &Case, name: &str) -> Result<u32, Trouble> {
    u32::try_from(case.count(name)?).map_err(|_| Trouble::Malformed(format!("params.{name} is no number of steps")))
}
