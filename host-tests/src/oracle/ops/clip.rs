//! Clipping by norm, over all tensors together, and by value.

use super::super::Trouble;
use super::super::compare::{CLIPPING, Comparison, Tolerance};
use super::super::schema::{Case, Document, member};
use super::super::tensor::number;
use super::optimizer::Groups;
use kilograd::optim::{ClipNorm, ClipValue, Norm, Rule};

/// `clip_grad_norm`.
pub(super) fn norm(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let rule = ClipNorm { bound: case.setting("max_norm")?, norm: norm_type(case)? };
    rule.check()?;
    let mut gradient = gradients(case)?;
    comparison.output("total_norm", &[rule.norm.of(&gradient)], CLIPPING)?;
    let factor = rule.plan(1, 1.0, Some(&gradient));
    clip(&rule, &factor, &mut gradient, comparison, CLIPPING)
}

/// `clip_grad_value`, which rounds nothing.
pub(super) fn value(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let rule = ClipValue { bound: case.setting("clip_value")? };
    rule.check()?;
    clip(&rule, &(), &mut gradients(case)?, comparison, Tolerance::Exact)
}

/// Clips each tensor and compares it.
fn clip<R>(
    rule: &R,
    plan: &R::Plan,
    gradient: &mut Groups,
    comparison: &mut Comparison<'_>,
    tolerance: Tolerance,
) -> Result<(), Trouble>
where
    R: for<'s> Rule<View<'s> = ()>,
{
    for (index, group) in gradient.0.iter_mut().enumerate() {
        rule.transform(plan, &vec![0.0; group.len()], group, ());
        comparison.output(&format!("clipped{index}"), group, tolerance)?;
    }
    Ok(())
}

fn norm_type(case: &Case) -> Result<Norm, Trouble> {
    let value = member(&case.params, "params", "norm_type")?;
    match number(value) {
        Some(1.0) => Ok(Norm::L1),
        Some(2.0) => Ok(Norm::L2),
        Some(f64::INFINITY) => Ok(Norm::Max),
        Some(other) => Err(Trouble::NotImplemented(format!("clip_grad_norm by the {other}-norm"))),
        None => Err(Trouble::Malformed(format!("params.norm_type is {value}"))),
    }
}

/// The tensors g0, g1, …
fn gradients(case: &Case) -> Result<Groups, Trouble> {
    let names = (0..).map(|index| format!("g{index}")).take_while(|name| case.inputs.contains_key(name));
    names.map(|name| case.input(&name).map(|tensor| tensor.values)).collect::<Result<_, _>>().map(Groups)
}
