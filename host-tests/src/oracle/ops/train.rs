//! `train`: whole training runs, step by step.

use super::super::Trouble;
use super::super::compare::{Comparison, FIRST_LOSSES, Group, LATER_LOSSES, OUTPUTS, near_zero, of_largest};
use super::super::schema::{Case, Document, member, numeric};
use super::super::tensor::Tensor as Recorded;
use super::padding::{load_weights, weights_by_unit, zeros};
use super::rule::{Stateful, WithRule, with_rule};
use super::tasks::{Output, Sample, Samples, Setup, Task, WithTask, with_task};
use kilograd::tensor::{Parameters, Tensor};
use kilograd::train::{Accumulated, Memory, Trainer};
use serde_json::{Map, Value};

/// How far the trained weights may be off: measured 2.8e-6.
const WEIGHTS: f64 = 1e-4;

/// The parameter groups in the order in which a network shows them.
const GROUPS: [&str; 4] = ["w1", "b1", "w2", "b2"];

/// Runs a case of `train` from the `train_setup` that stands before it.
pub(super) fn run(case: &Case, document: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let setup = Setup::of(document.preceding("train_setup", case)?)?;
    with_task(&setup, Replay { case, setup: &setup, comparison })
}

struct Replay<'r, 's, 'c> {
    case: &'r Case,
    setup: &'r Setup<'s>,
    comparison: &'r mut Comparison<'c>,
}

impl WithTask for Replay<'_, '_, '_> {
    fn with<T: Task>(self) -> Result<(), Trouble> {
        let (samples, _) = T::prepare(self.setup)?;
        let Self { case, setup, comparison } = self;
        let run = TaskReplay::<T> { case, setup, samples, comparison };
        with_rule(case.text("optimizer")?, case, run)
    }
}

struct TaskReplay<'r, 's, 'c, T: Task> {
    case: &'r Case,
    setup: &'r Setup<'s>,
    samples: Samples<T>,
    comparison: &'r mut Comparison<'c>,
}

/// What an epoch ends with.
struct Epoch<T: Task> {
    losses: Vec<f64>,
    test_loss: f64,
    score: f64,
    outputs: Vec<Output<T>>,
}

impl<T: Task> WithRule for TaskReplay<'_, '_, '_, T> {
    fn with<R: Stateful>(self, rule: R) -> Result<(), Trouble> {
        let mut memory = zeros::<Memory<T::Net, R, Accumulated>>();
        load_network(&mut memory.network, self.setup, widths::<T>())?;
        let mut trainer = Trainer::new(&mut memory, T::Loss::default(), rule, self.case.setting("lr")?)?;
        let epochs = (0..self.setup.epochs).map(|epoch| run_epoch::<T, R>(&mut trainer, epoch, self.setup, &self.samples));
        let epochs = epochs.collect::<Result<Vec<_>, _>>()?;

        compare_first_losses(&epochs, self.case, self.comparison)?;
        compare_epochs(&epochs, self.case, self.comparison)?;
        compare_outputs(epochs.last(), self.case, self.comparison)?;
        compare_weights(&groups_by_unit(trainer.network(), widths::<T>()), self.case, self.comparison)
    }
}

/// The widths of the task's network.
pub(super) fn widths<T: Task>() -> [usize; 3] {
    T::WIDTHS.map(|width| width as usize)
}

/// Trains the batches of an epoch in their order, and returns their losses.
pub(super) fn train_epoch<T: Task, R: Stateful>(
    trainer: &mut Trainer<'_, T::Net, T::Loss, R, f32, Accumulated>,
    epoch: usize,
    setup: &Setup<'_>,
    samples: &Samples<T>,
) -> Result<Vec<f64>, Trouble> {
    // The recorded runs leave out what does not fill a batch.
    let order = setup.order(epoch);
    let batches = order.chunks_exact(setup.batch);
    batches.map(|batch| train_batch::<T, R>(trainer, batch, samples)).collect()
}

/// Trains one batch and returns its loss.
pub(super) fn train_batch<T: Task, R: Stateful>(
    trainer: &mut Trainer<'_, T::Net, T::Loss, R, f32, Accumulated>,
    batch: &[usize],
    samples: &Samples<T>,
) -> Result<f64, Trouble> {
    let batch = batch.iter().map(|index| (&samples[*index].0, &samples[*index].1));
    Ok(f64::from(trainer.step(batch)?))
}

/// What a network says of the test samples.
pub(super) struct Tested<'s, T: Task> {
    /// The sum of their losses.
    pub loss: f64,
    /// What each should be, and what it was taken for.
    pub outputs: Vec<(&'s T::Target, Output<T>)>,
}

/// Tests the network as it is.
pub(super) fn test<'s, T: Task, R: Stateful>(
    trainer: &mut Trainer<'_, T::Net, T::Loss, R, f32, Accumulated>,
    samples: &'s [Sample<T>],
) -> Result<Tested<'s, T>, Trouble> {
    let mut tested = Tested { loss: 0.0, outputs: Vec::new() };
    for (input, target) in samples {
        let (loss, output) = trainer.evaluate(input, target)?;
        tested.loss += f64::from(loss);
        tested.outputs.push((target, output.clone()));
    }
    Ok(tested)
}

/// Trains the batches of an epoch in their order, then tests.
fn run_epoch<T: Task, R: Stateful>(
    trainer: &mut Trainer<'_, T::Net, T::Loss, R, f32, Accumulated>,
    epoch: usize,
    setup: &Setup<'_>,
    samples: &Samples<T>,
) -> Result<Epoch<T>, Trouble> {
    let losses = train_epoch::<T, R>(trainer, epoch, setup, samples)?;
    let tested = test::<T, R>(trainer, &samples[setup.training..])?;
    let test_loss = tested.loss / tested.outputs.len() as f64;
    let score = T::score(&tested.outputs);
    Ok(Epoch { losses, test_loss, score, outputs: tested.outputs.into_iter().map(|(_, output)| output).collect() })
}

/// The widths that a group's weights lead from and to; a bias leads from nowhere.
fn sides(group: usize, [inputs, hidden, outputs]: [usize; 3]) -> (usize, usize) {
    [(inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs)][group]
}

fn load_network(network: &mut impl Parameters, setup: &Setup<'_>, widths: [usize; 3]) -> Result<(), Trouble> {
    let recorded = GROUPS.map(|name| setup.case.input(name).map(|tensor| tensor.values));
    let mut recorded = recorded.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().enumerate();
    let mut fits = true;
    network.visit_mut(&mut |group| {
        let (index, values) = recorded.next().unwrap_or_default();
        let (inputs, outputs) = sides(index, widths);
        fits &= values.len() == group.len();
        if fits {
            load_weights(group, outputs, &values, inputs);
        }
    });
    if fits { Ok(()) } else { Err(Trouble::Malformed("the setup's weights do not fit the network".into())) }
}

/// The network's groups in the oracle's `[outputs][inputs]`.
fn groups_by_unit(network: &impl Parameters, widths: [usize; 3]) -> Vec<Vec<f64>> {
    let mut groups = Vec::new();
    network.visit(&mut |group| {
        let (inputs, outputs) = sides(groups.len(), widths);
        groups.push(weights_by_unit(group, outputs, inputs, outputs).into_iter().map(f64::from).collect());
    });
    groups
}

fn compare_first_losses<T: Task>(epochs: &[Epoch<T>], case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let recorded = case.expected("loss_first_50")?.values;
    let losses: Vec<f32> = epochs.iter().flat_map(|epoch| &epoch.losses).map(|loss| *loss as f32).take(recorded.len()).collect();
    comparison.output("loss_first_50", &losses, FIRST_LOSSES)
}

fn compare_epochs<T: Task>(epochs: &[Epoch<T>], case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let recorded = member(&case.out, "out", "loss_epoch_ends")?.as_array();
    let recorded = recorded.ok_or(Trouble::Malformed("out.loss_epoch_ends is not a list".into()))?;
    ["loss_epoch_ends", "test_correct_f32", "test_correct_np32"].into_iter().for_each(|name| comparison.covers(name));
    comparison.require("loss_epoch_ends", recorded.len() == epochs.len(), || {
        format!("{} epochs are recorded, the setup says {}", recorded.len(), epochs.len())
    });
    for (index, (epoch, recorded)) in epochs.iter().zip(recorded).enumerate() {
        let recorded = object(recorded, "loss_epoch_ends")?;
        let mean = epoch.losses.iter().sum::<f64>() / epoch.losses.len() as f64;
        let last = epoch.losses.last().copied().unwrap_or(f64::NAN);
        for (name, got) in [("mean_train_loss", mean), ("last_step_loss", last), ("test_loss", epoch.test_loss)] {
            let label = format!("loss_epoch_ends[{index}].{name}");
            comparison.values(&label, &[got], &[numeric(recorded, name)?], LATER_LOSSES);
        }
        compare_score(epoch, index, numeric(recorded, T::SCORE)?, case, comparison);
    }
    Ok(())
}

/// A share of the variance is a number like a loss. A count of right answers must lie among those of the reference's runs:
/// of one in double precision and two in single, which may differ where two outputs are nearly equal.
fn compare_score<T: Task>(epoch: &Epoch<T>, index: usize, recorded: f64, case: &Case, comparison: &mut Comparison<'_>) {
    let label = format!("loss_epoch_ends[{index}].{}", T::SCORE);
    if T::SCORE != "test_correct" {
        return comparison.values(&label, &[epoch.score], &[recorded], near_zero(0.0, 1e-3));
    }
    let counts =
        ["test_correct_f32", "test_correct_np32"].into_iter().filter_map(|name| case.out.get(name)?.get(index)?.as_f64());
    let (low, high) = counts.fold((recorded, recorded), |(low, high), count| (low.min(count), high.max(count)));
    comparison.require(&label, (low..=high).contains(&epoch.score), || {
        format!("{} right answers, the reference has {low} to {high}", epoch.score)
    });
}

fn compare_outputs<T: Task>(last: Option<&Epoch<T>>, case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let name = "final_outputs_first_5_test_rows";
    let rows = case.expected(name)?.shape.first().copied().unwrap_or_default();
    let outputs: Vec<f32> =
        last.iter().flat_map(|epoch| epoch.outputs.iter().take(rows)).flat_map(|y| y.as_slice().to_vec()).collect();
    comparison.output(name, &outputs, OUTPUTS)
}

fn compare_weights(groups: &[Vec<f64>], case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    comparison.covers("final_weights");
    comparison.covers("final_w_all");
    let summaries = object(member(&case.out, "out", "final_weights")?, "final_weights")?;
    for (name, weights) in GROUPS.into_iter().zip(groups) {
        let recorded = object(member(summaries, "out.final_weights", name)?, name)?;
        compare_summary(&format!("final_weights.{name}"), weights, recorded, comparison)?;
    }
    let Some(all) = case.out.get("final_w_all") else { return Ok(()) };
    for (name, weights) in GROUPS.into_iter().zip(groups) {
        let tensor = member(object(all, "final_w_all")?, "out.final_w_all", name)?;
        let recorded = Recorded::singles(tensor).map_err(Trouble::Malformed)?.values;
        let recorded: Vec<f64> = recorded.into_iter().map(f64::from).collect();
        let difference: Vec<f64> = weights.iter().zip(&recorded).map(|(ours, theirs)| ours - theirs).collect();
        let distance = norm(&difference) / norm(&recorded);
        comparison.require(&format!("final_w_all.{name}"), weights.len() == recorded.len() && distance <= WEIGHTS, || {
            format!("a relative distance of {distance:.2e}, tolerance {WEIGHTS:.0e}")
        });
    }
    Ok(())
}

fn compare_summary(
    label: &str,
    weights: &[f64],
    recorded: &Map<String, Value>,
    comparison: &mut Comparison<'_>,
) -> Result<(), Trouble> {
    let of_largest = of_largest(WEIGHTS, Group::Tensor);
    comparison.values(&format!("{label}.l2"), &[norm(weights)], &[numeric(recorded, "l2")?], near_zero(WEIGHTS, 0.0));
    // A sum may cancel to nothing: it is as exact as that of the magnitudes.
    let sums = [weights.iter().sum(), weights.iter().map(|w| w.abs()).sum()];
    let recorded_sums = [numeric(recorded, "sum")?, numeric(recorded, "abs_sum")?];
    comparison.values(&format!("{label}.sum, abs_sum"), &sums, &recorded_sums, of_largest);
    let first = member(recorded, label, "first_8")?.as_array().map(|values| values.iter().filter_map(Value::as_f64).collect());
    let first: Vec<f64> = first.ok_or(Trouble::Malformed(format!("{label}.first_8 is not a list")))?;
    comparison.values(&format!("{label}.first_8"), &weights[..weights.len().min(8)], &first, of_largest);
    Ok(())
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// `value` as the members of an object.
pub(super) fn object<'v>(value: &'v Value, name: &str) -> Result<&'v Map<String, Value>, Trouble> {
    value.as_object().ok_or_else(|| Trouble::Malformed(format!("{name} is not an object")))
}
