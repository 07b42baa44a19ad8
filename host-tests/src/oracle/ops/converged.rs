//! `train_converged`: how well every optimizer trains, from several seeds.
//!
//! Scores of the samples held out are compared, as means over the seeds: each run is long enough for roundings to turn an
//! answer. In a build with debug assertions, where that would take too long, optimizers run long cases from the first seed
//! alone, against what was recorded for that one; the oracle program is built without.

use super::super::Trouble;
use super::super::compare::{Comparison, near_zero};
use super::super::schema::{Case, Document, member, numeric};
use super::padding::zeros;
use super::rule::{Stateful, WithRule, with_rule};
use super::tasks::{Samples, Setup, Task, WithTask, with_task};
use super::train::{object, test, train_batch, train_epoch, widths};
use super::train_setup::draw_weights;
use kilograd::tensor::Parameters;
use kilograd::train::{Accumulated, Memory, Trainer};
use serde_json::{Map, Value};
use std::thread;

/// How far a mean share of right answers may be off: measured 4.5e-3 (Rprop on digits), others 6e-4.
const ACCURACY: f64 = 0.025;
/// How far a mean share of the variance may be off: measured 1e-5.
const R2: f64 = 5e-3;

/// Samples of a run that make a case long.
const LONG: usize = 30_000;

/// Recorded for completeness and no target (`oracle/README.md`): they must only stay finite.
const NO_TARGET: [&str; 2] = ["lars", "sign_sgd"];

/// Runs a case of `train_converged` from the `train_setup` that stands before it.
///
/// Optimizers that the library lacks are named once the others agree.
pub(super) fn run(case: &Case, document: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let setup = Setup::of(document.preceding("train_setup", case)?)?;
    let mut lacking = Vec::new();
    for (name, recorded) in &case.out {
        match compare_optimizer(name, object(recorded, name)?, case, &setup, comparison) {
            Err(Trouble::NotImplemented(_)) => lacking.push(name.as_str()),
            other => other?,
        }
    }
    match lacking.is_empty() || !comparison.agrees() {
        true => Ok(()),
        false => Err(Trouble::NotImplemented(format!("train_converged:{}", lacking.join(",")))),
    }
}

fn compare_optimizer(
    name: &str,
    recorded: &Map<String, Value>,
    case: &Case,
    setup: &Setup<'_>,
    comparison: &mut Comparison<'_>,
) -> Result<(), Trouble> {
    let run = |seed| Run { name, settings: settings(name, recorded, case), case, setup: setup.seeded(seed) };
    let mut runs: Vec<_> = seeds(case)?.into_iter().map(run).collect();
    let (scores, tolerance) = recorded_scores(recorded)?;
    let mut want = numeric(recorded, "mean")?;
    if cfg!(debug_assertions) && case.count("epochs")? * setup.training > LONG {
        runs.truncate(1);
        want = *scores.first().ok_or(Trouble::Malformed(format!("out.{name} has no scores")))?;
    }
    let got = all_at_once(&runs)?;
    let mean = got.iter().sum::<f64>() / got.len() as f64;
    comparison.covers(name);
    match NO_TARGET.contains(&name) {
        true => comparison.require(name, mean.is_finite(), || format!("a score of {mean}")),
        false => comparison.values(&format!("{name}.mean"), &[mean], &[want], near_zero(0.0, tolerance)),
    }
    Ok(())
}

fn seeds(case: &Case) -> Result<Vec<u64>, Trouble> {
    let seeds = case.seed.as_array().map(|seeds| seeds.iter().filter_map(Value::as_u64).collect::<Vec<_>>());
    seeds.filter(|seeds| !seeds.is_empty()).ok_or(Trouble::Malformed("seed is not a list of seeds".into()))
}

/// The score of each seed, and how far their mean may be off.
fn recorded_scores(recorded: &Map<String, Value>) -> Result<(Vec<f64>, f64), Trouble> {
    let (name, tolerance) = if recorded.contains_key("test_r2") { ("test_r2", R2) } else { ("test_accuracy", ACCURACY) };
    let scores = member(recorded, "out", name)?.as_array();
    Ok((scores.into_iter().flatten().filter_map(Value::as_f64).collect(), tolerance))
}

/// What [`with_rule`] reads an optimizer's settings from.
fn settings(name: &str, recorded: &Map<String, Value>, case: &Case) -> Case {
    Case { id: format!("{}, {name}", case.id), params: recorded.clone(), out: Map::new(), ..case.clone() }
}

/// The scores of all runs, side by side.
fn all_at_once(runs: &[Run<'_>]) -> Result<Vec<f64>, Trouble> {
    thread::scope(|scope| {
        let threads: Vec<_> = runs.iter().map(|run| scope.spawn(|| run.score())).collect();
        threads.into_iter().map(|thread| thread.join().expect("the library does not panic")).collect()
    })
}

/// One optimizer, from one seed.
struct Run<'c> {
    name: &'c str,
    settings: Case,
    case: &'c Case,
    setup: Setup<'c>,
}

impl Run<'_> {
    /// Trains, and says how well the trained network does.
    fn score(&self) -> Result<f64, Trouble> {
        let mut score = f64::NAN;
        with_task(&self.setup, TaskRun { run: self, score: &mut score })?;
        Ok(score)
    }

    /// The rule's name, and the number of steps if each is taken with the whole data set.
    fn rule(&self) -> Result<(&str, Option<usize>), Trouble> {
        match self.name {
            "rprop_full_batch" => Ok(("rprop", Some(self.case.count("rprop_full_batch_steps")?))),
            "rmsprop_momentum" => Ok(("rmsprop", None)),
            name => Ok((name, None)),
        }
    }
}

struct TaskRun<'r> {
    run: &'r Run<'r>,
    score: &'r mut f64,
}

impl WithTask for TaskRun<'_> {
    fn with<T: Task>(self) -> Result<(), Trouble> {
        let (samples, _) = T::prepare(&self.run.setup)?;
        let (name, steps) = self.run.rule()?;
        with_rule(name, &self.run.settings, RuleRun::<T> { run: self.run, steps, samples, score: self.score })
    }
}

struct RuleRun<'r, T: Task> {
    run: &'r Run<'r>,
    steps: Option<usize>,
    samples: Samples<T>,
    score: &'r mut f64,
}

impl<T: Task> WithRule for RuleRun<'_, T> {
    fn with<R: Stateful>(self, rule: R) -> Result<(), Trouble> {
        let Self { run, steps, samples, score } = self;
        let mut memory = zeros::<Memory<T::Net, R, Accumulated>>();
        let [w1, w2] = draw_weights(&run.setup, widths::<T>())?;
        let mut groups = [Some(w1), None, Some(w2)].into_iter();
        memory.network.visit_mut(&mut |group| {
            if let Some(weights) = groups.next().flatten() {
                group.copy_from_slice(&weights);
            }
        });
        let mut trainer = Trainer::new(&mut memory, T::Loss::default(), rule, run.settings.setting("lr")?)?;
        match steps {
            Some(steps) => {
                let all: Vec<usize> = (0..run.setup.training).collect();
                (0..steps).try_for_each(|_| train_batch::<T, R>(&mut trainer, &all, &samples).map(|_| ()))?;
            }
            None => {
                let epochs = run.case.count("epochs")?;
                (0..epochs).try_for_each(|epoch| train_epoch::<T, R>(&mut trainer, epoch, &run.setup, &samples).map(|_| ()))?;
            }
        }
        let tested = test::<T, R>(&mut trainer, &samples[run.setup.training..])?.outputs;
        let all = if T::SCORE == "test_correct" { tested.len() as f64 } else { 1.0 };
        *score = T::score(&tested) / all;
        Ok(())
    }
}
