//! The book's algorithms on a recorded quadratic, `f(x) = xᵀAx/2 − bᵀx`.

use super::super::Trouble;
use super::super::compare::{COUPLED, Comparison, SECOND_MOMENT};
use super::super::schema::{Case, Document};
use super::optimizer::{Groups, Trace, replay};
use super::rule::Stateful;
use kilograd::optim::{AdaGrad, Adam, Momentum, book};
use std::cell::RefCell;

/// `book_momentum` (algorithm 8.2). The book's velocity is `−η` times ours.
pub(super) fn book_momentum(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let rate = case.setting("lr")?;
    let mut trace = descend(&Momentum { momentum: case.setting("alpha")?, ..Momentum::DEFAULT }, case)?;
    let buffer = trace.remove("buf").unwrap_or_default();
    trace.insert("v".into(), buffer.iter().map(|v| -rate * v).collect());
    trace.iter().try_for_each(|(name, values)| comparison.output(name, values, COUPLED))
}

/// `torch_nesterov_on_quadratic`.
pub(super) fn nesterov(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let trace = descend(&Momentum { momentum: case.setting("alpha")?, ..Momentum::NESTEROV }, case)?;
    trace.iter().try_for_each(|(name, values)| comparison.output(name, values, COUPLED))
}

/// `book_adagrad` (algorithm 8.4), whose sum is called r.
pub(super) fn book_adagrad(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let trace = descend(&AdaGrad { epsilon: case.setting("delta")?, ..AdaGrad::BOOK }, case)?;
    trace.iter().try_for_each(|(name, values)| comparison.output(if name == "sum" { "r" } else { name }, values, COUPLED))
}

/// `book_rmsprop` (algorithm 8.5).
pub(super) fn book_rmsprop(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let trace = descend(&book::RmsProp { rho: case.setting("rho")?, delta: case.setting("delta")? }, case)?;
    trace.iter().try_for_each(|(name, values)| comparison.output(name, values, COUPLED))
}

/// `book_nesterov` (algorithm 8.3).
pub(super) fn book_nesterov(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    look_ahead(&book::Nesterov { momentum: case.setting("alpha")? }, case, comparison)
}

/// `book_rmsprop_nesterov` (algorithm 8.6).
pub(super) fn book_rmsprop_nesterov(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    look_ahead(&book::RmsPropNesterov::new(case.setting("rho")?, case.setting("alpha")?), case, comparison)
}

/// Our weights are the book's look-ahead point `θ + α·v` of the next step; its θ is what they are without `α·v`.
fn look_ahead<R: Stateful>(rule: &R, case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let momentum = case.setting("alpha")?;
    let mut trace = descend(rule, case)?;
    let weights = trace.remove("p").unwrap_or_default();
    let velocity = trace.get("v").into_iter().flatten();
    let position = weights.iter().zip(velocity).map(|(w, v)| w - momentum * v).collect();
    let mut points = case.input("p0")?.values;
    points.extend(&weights);
    points.truncate(weights.len());
    trace.insert("p".into(), position);
    trace.insert("lookahead".into(), points);
    trace.iter().try_for_each(|(name, values)| comparison.output(name, values, COUPLED))
}

/// `book_adam` (algorithm 8.7), whose moments are called s and r.
pub(super) fn book_adam(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let rule = Adam { beta1: case.setting("rho1")?, beta2: case.setting("rho2")?, epsilon: case.setting("delta")? };
    let trace = descend(&rule, case)?;
    trace.iter().try_for_each(|(name, values)| {
        let (recorded, tolerance) = match name.as_str() {
            "m" => ("s", COUPLED),
            "v" => ("r", SECOND_MOMENT),
            other => (other, COUPLED),
        };
        comparison.output(recorded, values, tolerance)
    })
}

/// Descends as many steps as the case recorded; the trace has the gradients too.
fn descend<R: Stateful>(rule: &R, case: &Case) -> Result<Trace, Trouble> {
    rule.check()?;
    let start = case.input("p0")?.values;
    let (a, b) = (case.input_of("A", &[start.len(), start.len()])?, case.input_of("b", &[start.len()])?);
    let steps = case.expected("p")?.shape.first().copied().unwrap_or_default();
    let gradients = RefCell::new(Vec::new());
    let gradient = |_: usize, weights: &Groups| {
        let g = quadratic_gradient(&a, &b, &weights.0[0]);
        gradients.borrow_mut().extend_from_slice(&g);
        Groups(vec![g])
    };
    let mut trace = replay(rule, case.setting("lr")?, &[""], Groups(vec![start]), steps, gradient);
    trace.insert("g".into(), gradients.into_inner());
    Ok(trace)
}

/// `Ax − b`, rounded once: the objective is not what is tested.
fn quadratic_gradient(a: &[f32], b: &[f32], x: &[f32]) -> Vec<f32> {
    let product = |row: &[f32]| row.iter().zip(x).map(|(a, x)| f64::from(*a) * f64::from(*x)).sum::<f64>();
    a.chunks(x.len()).zip(b).map(|(row, b)| (product(row) - f64::from(*b)) as f32).collect()
}
