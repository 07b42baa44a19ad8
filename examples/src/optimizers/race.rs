//! All of it, contestant by contestant.

use super::classify::{Task, Training};
use super::costs;
use super::field::{self, Contestant, Race};
use super::options::Options;
use super::valley::{Descent, Valley};
use indicatif::{ProgressBar, ProgressStyle};
use kilograd::prelude::*;
use kilograd_tasks::{digits, iris};
use std::thread;

/// How one contestant fared.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its name.
    pub name: &'static str,
    /// On digits.
    pub digits: Summary,
    /// On iris flowers.
    pub iris: Summary,
    /// In Rosenbrock's valley, at the best of some rates.
    pub valley: Descent,
    /// That rate.
    pub valley_rate: f32,
    /// Bytes that the rule remembers for each parameter of the digits' network.
    pub state_bytes: f64,
    /// Bytes of all training memory for the digits, in mini-batches.
    pub ram_bytes: usize,
    /// M4F cycles of a step on digits.
    pub cycles: f64,
}

/// Trainings from several seeds.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The mean test accuracy.
    pub accuracy: f32,
    /// The median of the steps to the target, if most trainings arrived.
    pub arrival: Option<u32>,
}

/// The test accuracy to arrive at: on digits, most of what any optimizer reaches; on iris, one or two mistakes.
pub const TARGET: f32 = 0.95;
/// Epochs on iris flowers for one on digits: there are few of them.
const IRIS_EPOCHS: u32 = 3;

/// Every rule on every task, with a bar on stderr; every solver and search in the valley.
///
/// # Errors
/// What the library refuses.
pub fn all(options: &Options) -> anyhow::Result<(Vec<Standing>, Vec<Descent>)> {
    let style = ProgressStyle::with_template("{pos}/{len} {bar:40.cyan} {msg}");
    let bar = ProgressBar::new(u64::from(field::count()?)).with_style(style.unwrap_or(ProgressStyle::default_bar()));
    let mut race = All { options, flowers: iris::load(), standings: Vec::new(), bar };
    field::every(&mut race)?;
    race.bar.finish_and_clear();
    let mut valley = Valley::default();
    field::every_solver(&mut valley)?;
    Ok((race.standings, valley.descents))
}

struct All<'o> {
    options: &'o Options,
    flowers: [(Vector<4>, usize); iris::SAMPLES],
    standings: Vec<Standing>,
    bar: ProgressBar,
}

impl Race for All<'_> {
    fn run<R: Rule + Copy + Sync>(&mut self, contestant: &Contestant<R>) -> anyhow::Result<()> {
        let Contestant { name, rule, region, rates: [digits_rate, iris_rate] } = *contestant;
        self.bar.set_message(name);
        let Options { seeds, epochs, .. } = *self.options;
        let (training, test) = (digits::Digits::training(), digits::Digits::test());
        let task = Task { training: &training, test: &test, epochs, target: TARGET };
        let digits = from_seeds(seeds, |seed| {
            task.train(rule, digits_rate, |network: &mut digits::Net| digits::initialize(network, seed))
        })?;
        let (training, test) = self.flowers.split_at(iris::TRAINING);
        let task = Task { training, test, epochs: IRIS_EPOCHS * epochs, target: TARGET };
        let iris =
            from_seeds(seeds, |seed| task.train(rule, iris_rate, |network: &mut iris::Net| iris::initialize(network, seed)))?;
        let (valley, valley_rate) = Descent::by_best_rate(name, &rule);
        self.standings.push(Standing {
            name,
            digits,
            iris,
            valley,
            valley_rate,
            state_bytes: Memory::<digits::Net, R>::STATE_BYTES as f64 / digits::Net::COUNT as f64,
            ram_bytes: Memory::<digits::Net, R, Accumulated>::RAM_BYTES,
            cycles: costs::step(region)?,
        });
        self.bar.inc(1);
        Ok(())
    }
}

/// Trains from the seeds 1, 2, …, on as many threads as there are processors.
fn from_seeds(seeds: u32, train: impl Fn(u64) -> Result<Training, Error> + Sync) -> Result<Summary, Error> {
    let threads = thread::available_parallelism().map_or(1, |count| count.get()) as u64;
    let share = |thread: u64| (1 + thread..=u64::from(seeds)).step_by(threads as usize);
    let trainings = thread::scope(|scope| {
        let train = &train;
        let workers: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || share(thread).map(train).collect::<Result<Vec<_>, _>>())).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let trainings: Result<Vec<Vec<Training>>, Error> = trainings;
    Ok(Summary::of(&trainings?.concat()))
}

impl Summary {
    fn of(trainings: &[Training]) -> Self {
        let accuracy = trainings.iter().map(|training| training.accuracy).sum::<f32>() / trainings.len() as f32;
        // Whoever never arrived comes last.
        let mut arrivals: Vec<u32> = trainings.iter().map(|training| training.arrival.unwrap_or(u32::MAX)).collect();
        arrivals.sort_unstable();
        let median = arrivals.get(arrivals.len() / 2).copied();
        Self { accuracy, arrival: median.filter(|arrival| *arrival < u32::MAX) }
    }
}
