//! Rules that treat each tensor by itself, on recorded gradients: parameters and every state after every step.

use super::super::Trouble;
use super::super::compare::{Comparison, OPTIMIZER, SECOND_MOMENT, Tolerance};
use super::super::schema::{Case, Document};
use super::rule::settings;
use kilograd::optim::{Rule, Then, WeightDecay};

/// One tensor's state: what the oracle calls each part and how many numbers it has.
type Parts = Vec<(&'static str, usize)>;

/// The two parts of a state that has no others.
fn two(parts: &mut [Vec<f32>]) -> (&mut [f32], &mut [f32]) {
    match parts {
        [first, second] => (first, second),
        _ => (&mut [], &mut []),
    }
}

/// `adafactor`.
pub(super) fn adafactor(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let weight_decay = case.setting_or("weight_decay", 0.0)?;
    let rule = Then(settings::adafactor(case)?, WeightDecay { weight_decay });
    // A vector has no rows.
    let parts = |shape: &[usize]| match *shape {
        [rows, columns] => Some(vec![("row_var", rows), ("col_var", columns)]),
        [n] => Some(vec![("", 0), ("variance", n)]),
        _ => None,
    };
    on_recorded_gradients(rule, parts, |state| (two(state), ()), 1.0, case, comparison)
}

/// `lamb`.
pub(super) fn lamb(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let parts = |shape: &[usize]| Some(vec![("m", shape.iter().product()), ("v", shape.iter().product())]);
    on_recorded_gradients(settings::lamb(case)?, parts, |state| (two(state), ((), ())), 1.0, case, comparison)
}

/// `lars`, whose buffer holds the step itself: the velocity times the negative rate.
pub(super) fn lars(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let parts = |shape: &[usize]| Some(vec![("buf", shape.iter().product())]);
    let rate = case.setting("lr")?;
    on_recorded_gradients(settings::lars(case)?, parts, |state| (((), ()), first(state)), -rate, case, comparison)
}

fn first(parts: &mut [Vec<f32>]) -> &mut [f32] {
    parts.first_mut().map_or(&mut [], Vec::as_mut_slice)
}

/// Takes every step of every tensor; states are multiplied by `state_factor` before they are compared.
fn on_recorded_gradients<R: Rule>(
    rule: R,
    parts: impl Fn(&[usize]) -> Option<Parts>,
    view: for<'s> fn(&'s mut [Vec<f32>]) -> R::View<'s>,
    state_factor: f32,
    case: &Case,
    comparison: &mut Comparison<'_>,
) -> Result<(), Trouble> {
    rule.check()?;
    let rate = case.setting("lr")?;
    for suffix in (0..).map(|i| i.to_string()).take_while(|suffix| case.inputs.contains_key(&format!("p0{suffix}"))) {
        let start = case.input(&format!("p0{suffix}"))?;
        let gradients = case.input(&format!("g{suffix}"))?;
        let unfit = || Trouble::Malformed(format!("in.g{suffix} is not a gradient of in.p0{suffix} for each step"));
        let parts = parts(&start.shape).ok_or_else(unfit)?;
        let (mut weights, steps) = (start.values, gradients.shape.first().copied().unwrap_or_default());
        if weights.is_empty() || gradients.values.len() != steps * weights.len() {
            return Err(unfit());
        }
        let mut state: Vec<Vec<f32>> = parts.iter().map(|(_, count)| vec![0.0; *count]).collect();
        let mut traces = vec![Vec::new(); parts.len() + 1];
        for (step, gradient) in gradients.values.chunks(weights.len()).enumerate() {
            let plan = rule.plan::<()>(step as u32 + 1, rate, None);
            rule.descend(&plan, rate, &mut weights, &mut gradient.to_vec(), view(&mut state));
            traces[0].extend_from_slice(&weights);
            for (trace, values) in traces.iter_mut().skip(1).zip(&state) {
                trace.extend(values.iter().map(|x| state_factor * x));
            }
        }
        let names = ["p"].into_iter().chain(parts.iter().map(|(name, _)| *name));
        for (name, values) in names.zip(&traces).filter(|(name, _)| !name.is_empty()) {
            comparison.output(&format!("{name}{suffix}"), values, tolerance(name))?;
        }
    }
    Ok(())
}

/// How far an output may be off.
fn tolerance(name: &str) -> Tolerance {
    if name == "v" { SECOND_MOMENT } else { OPTIMIZER }
}
