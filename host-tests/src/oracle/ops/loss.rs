//! Losses: their values and gradients, averaged and summed.

use super::super::Trouble;
use super::super::compare::{Comparison, LOSS, LOSS_GRADIENT};
use super::super::schema::{Case, Document};
use super::padding::{classes, padded, with_size};
use kilograd::Error;
use kilograd::loss::{
    BinaryCrossEntropy, CrossEntropy, Hinge, Huber, KlDivergence, Loss, MeanAbsoluteError, MeanSquaredError, MultiMargin,
    SmoothL1, SoftCrossEntropy, SquaredHinge, WeightedCrossEntropy,
};
use kilograd::tensor::Vector;

/// `mse`.
pub(super) fn mean_squared_error(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    by_element(case, comparison, |y, t, delta| MeanSquaredError.evaluate_slice(y, t, delta))
}

/// `bce_with_logits`.
pub(super) fn binary_cross_entropy(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let loss = BinaryCrossEntropy { positive_weight: case.setting_or("pos_weight", 1.0)? };
    Loss::<Vector<1>>::check(&loss)?;
    by_element(case, comparison, |y, t, delta| loss.evaluate_slice(y, t, delta))
}

/// `mae`.
pub(super) fn mean_absolute_error(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    by_element(case, comparison, |y, t, delta| MeanAbsoluteError.evaluate_slice(y, t, delta))
}

/// `hinge`.
pub(super) fn hinge(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    by_element(case, comparison, |y, t, delta| Hinge.evaluate_slice(y, t, delta))
}

/// `squared_hinge`.
pub(super) fn squared_hinge(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    by_element(case, comparison, |y, t, delta| SquaredHinge.evaluate_slice(y, t, delta))
}

/// `huber`.
pub(super) fn huber(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let loss = Huber { delta: case.setting("delta")? };
    Loss::<Vector<1>>::check(&loss)?;
    by_element(case, comparison, |y, t, delta| loss.evaluate_slice(y, t, delta))
}

/// `smooth_l1`.
pub(super) fn smooth_l1(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let loss = SmoothL1 { beta: case.setting("beta")? };
    Loss::<Vector<1>>::check(&loss)?;
    by_element(case, comparison, |y, t, delta| loss.evaluate_slice(y, t, delta))
}

/// A loss that is a mean over elements. The library has no sum: it is that of the losses of single elements.
fn by_element(
    case: &Case,
    comparison: &mut Comparison<'_>,
    loss: impl Fn(&[f32], &[f32], &mut [f32]) -> Result<f32, Error>,
) -> Result<(), Trouble> {
    let x = case.input("x")?;
    let target = case.input_of("target", &x.shape)?;
    let mut delta = vec![0.0; target.len()];
    let mean = loss(&x.values, &target, &mut delta)?;
    comparison.output("loss_mean", &[mean], LOSS)?;
    comparison.output("dx_mean", &delta, LOSS_GRADIENT)?;

    let mut sum = 0.0;
    for ((x, t), delta) in x.values.chunks(1).zip(target.chunks(1)).zip(delta.chunks_mut(1)) {
        sum += f64::from(loss(x, t, delta)?);
    }
    comparison.output("loss_sum", &[sum as f32], LOSS)?;
    comparison.output("dx_sum", &delta, LOSS_GRADIENT)
}

/// `cross_entropy`.
pub(super) fn cross_entropy(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let loss = CrossEntropy { label_smoothing: case.setting_or("label_smoothing", 0.0)? };
    Loss::<Vector<1>>::check(&loss)?;
    if !case.flag_or("class_weight", false)? {
        return by_sample(case, comparison, |y, label, delta| Ok((loss.evaluate_slice(y, label, delta)?, 1.0)));
    }
    let weights = case.input("class_weight")?.values;
    with_size!(weights.len(), CLASSES => {
        let loss = WeightedCrossEntropy::<CLASSES> { inner: loss, class_weights: padded(&weights) };
        loss.check()?;
        by_sample(case, comparison, |y, label, delta| Ok((loss.evaluate_slice(y, label, delta)?, loss.weight(&label))))
    })
}

/// `multi_margin`, of power 1.
pub(super) fn multi_margin(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    if case.setting("p")? != 1.0 {
        return Err(Trouble::NotImplemented("multi_margin with a power other than 1".into()));
    }
    let loss = MultiMargin { margin: case.setting("margin")? };
    Loss::<Vector<1>>::check(&loss)?;
    by_sample(case, comparison, |y, label, delta| Ok((loss.evaluate_slice(y, label, delta)?, 1.0)))
}

/// A loss of rows of logits with a label each; `loss` returns a row's loss and weight.
fn by_sample(
    case: &Case,
    comparison: &mut Comparison<'_>,
    loss: impl Fn(&[f32], usize, &mut [f32]) -> Result<(f32, f32), Error>,
) -> Result<(), Trouble> {
    let (x, labels) = (case.input("x")?, case.integers("target")?);
    let classes = classes(case)?;
    if labels.len() * classes != x.values.len() {
        return Err(Trouble::Malformed(format!("{} labels do not fit in.x of the shape {:?}", labels.len(), x.shape)));
    }
    by_row(case, comparison, |y, row, delta| loss(y, labels[row], delta))
}

/// `soft_cross_entropy`.
pub(super) fn soft_cross_entropy(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    by_distribution(case, comparison, |y, t, delta| SoftCrossEntropy.evaluate_slice(y, t, delta))
}

/// `kl_div_logits`.
pub(super) fn kl_divergence(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    by_distribution(case, comparison, |y, t, delta| KlDivergence.evaluate_slice(y, t, delta))
}

/// A loss of rows of logits with a row of probabilities each.
fn by_distribution(
    case: &Case,
    comparison: &mut Comparison<'_>,
    loss: impl Fn(&[f32], &[f32], &mut [f32]) -> Result<f32, Error>,
) -> Result<(), Trouble> {
    let (target, classes) = (case.input_of("target", &case.input("x")?.shape)?, classes(case)?);
    by_row(case, comparison, |y, row, delta| Ok((loss(y, &target[row * classes..][..classes], delta)?, 1.0)))
}

/// A loss of rows; `loss` returns that of a row, given its number, and its weight.
fn by_row(
    case: &Case,
    comparison: &mut Comparison<'_>,
    loss: impl Fn(&[f32], usize, &mut [f32]) -> Result<(f32, f32), Error>,
) -> Result<(), Trouble> {
    let (x, classes) = (case.input("x")?, classes(case)?);
    let mut delta = vec![0.0; x.values.len()];
    let (mut sum, mut total_weight) = (0.0, 0.0);
    for (row, (x, delta)) in x.values.chunks(classes).zip(delta.chunks_mut(classes)).enumerate() {
        let (value, weight) = loss(x, row, delta)?;
        sum += f64::from(value);
        total_weight += f64::from(weight);
    }
    comparison.output("loss_sum", &[sum as f32], LOSS)?;
    comparison.output("dx_sum", &delta, LOSS_GRADIENT)?;

    delta.iter_mut().for_each(|d| *d = (f64::from(*d) / total_weight) as f32);
    comparison.output("loss_mean", &[(sum / total_weight) as f32], LOSS)?;
    comparison.output("dx_mean", &delta, LOSS_GRADIENT)
}
