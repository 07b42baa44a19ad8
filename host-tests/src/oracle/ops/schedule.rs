//! Learning-rate schedules: the rate of every step.

use super::super::Trouble;
use super::super::compare::{Comparison, Group, Tolerance};
use super::super::schema::{Case, Document};
use kilograd::optim::schedule::{ExponentialDecay, LinearDecay, Schedule, StepDecay, WarmupCosine};

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
