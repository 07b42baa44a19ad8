//! Optimizers on recorded gradients: parameters and every state after every step.

use super::super::Trouble;
use super::super::compare::{Comparison, OPTIMIZER, SECOND_MOMENT, Tolerance};
use super::super::schema::{Case, Document};
use super::rule::{Stateful, WithRule, with_rule};
use kilograd::tensor::{Parameters, Zero};
use std::collections::BTreeMap;

/// Parameter groups whose number and lengths are known at run time.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups(pub Vec<Vec<f32>>);

impl Zero for Groups {
    const ZERO: Self = Self(Vec::new());
}

impl Parameters for Groups {
    /// That of [`Groups::ZERO`]: how many there are at run time is no constant, and no rule asks.
    const COUNT: usize = 0;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.0.iter().for_each(|group| see(group));
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.0.iter_mut().for_each(|group| change(group));
    }

    fn copy_from(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }
}

/// What was recorded while a rule took steps: for each output's name, its values after every step.
pub(super) type Trace = BTreeMap<String, Vec<f32>>;

/// Takes `steps` steps from `weights`; `gradient` says the gradient of each step, counted from 0, at the weights it is given.
///
/// An output is named as in a case: `p` for the parameters or the state's name, then the group's suffix.
pub(super) fn replay<R: Stateful>(
    rule: &R,
    rate: f32,
    suffixes: &[&str],
    mut weights: Groups,
    steps: usize,
    mut gradient: impl FnMut(usize, &Groups) -> Groups,
) -> Trace {
    let mut trace = Trace::new();
    let mut states: Vec<Vec<Vec<f32>>> =
        weights.0.iter().map(|group| R::names().iter().map(|_| vec![0.0; group.len()]).collect()).collect();
    for step in 0..steps {
        let mut gradient = gradient(step, &weights);
        let plan = rule.plan(step as u32 + 1, rate, Some(&gradient));
        for (index, suffix) in suffixes.iter().enumerate() {
            let (weights, state) = (&mut weights.0[index], &mut states[index]);
            rule.descend(&plan, rate, weights, &mut gradient.0[index], R::slices(state));
            trace.entry(format!("p{suffix}")).or_default().extend_from_slice(weights);
            for (name, values) in R::names().iter().zip(state) {
                trace.entry(format!("{name}{suffix}")).or_default().extend_from_slice(values);
            }
            for (name, value) in rule.once(step as u32 + 1, rate) {
                trace.entry(format!("{name}{suffix}")).or_default().push(value);
            }
        }
    }
    trace
}

/// How far an optimizer's output `name` may be off.
fn tolerance(name: &str) -> Tolerance {
    if name.starts_with('v') { SECOND_MOMENT } else { OPTIMIZER }
}

/// Runs a case of any optimizer that [`with_rule`] knows.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    with_rule(&case.op, case, OnRecordedGradients { case, comparison })
}

struct OnRecordedGradients<'r, 'c> {
    case: &'r Case,
    comparison: &'r mut Comparison<'c>,
}

impl WithRule for OnRecordedGradients<'_, '_> {
    fn with<R: Stateful>(self, rule: R) -> Result<(), Trouble> {
        let Self { case, comparison } = self;
        // One parameter tensor, or several with a number each.
        let several: Vec<String> =
            (0..).take_while(|i| case.inputs.contains_key(&format!("p0{i}"))).map(|i| i.to_string()).collect();
        let suffixes: Vec<&str> = if several.is_empty() { vec![""] } else { several.iter().map(String::as_str).collect() };
        let mut weights = Groups::default();
        let mut recorded = Vec::new();
        for suffix in &suffixes {
            let (group, gradients) = (case.input(&format!("p0{suffix}"))?, case.input(&format!("g{suffix}"))?);
            let steps = gradients.shape.first().copied().unwrap_or_default();
            if gradients.values.len() != steps * group.values.len() {
                return Err(Trouble::Malformed(format!("in.g{suffix} is not a gradient of in.p0{suffix} for each step")));
            }
            recorded.push((steps, gradients.values));
            weights.0.push(group.values);
        }
        let steps = recorded.iter().map(|(steps, _)| *steps).min().unwrap_or_default();
        let lengths: Vec<usize> = weights.0.iter().map(Vec::len).collect();
        let gradient = |step: usize, _: &Groups| {
            let of = |((_, all), n): (&(usize, Vec<f32>), &usize)| all[step * n..(step + 1) * n].to_vec();
            Groups(recorded.iter().zip(&lengths).map(of).collect())
        };
        let trace = replay(&rule, case.setting("lr")?, &suffixes, weights, steps, gradient);
        trace.iter().try_for_each(|(name, values)| comparison.output(name, values, tolerance(name)))
    }
}
