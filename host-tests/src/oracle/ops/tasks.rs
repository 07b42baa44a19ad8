//! The data sets of the recorded training runs, split and scaled as recorded.
//!
//! `kilograd_tasks` splits each by one fixed seed; a folder may have recorded another, so rows are read here in their own
//! order. For the fixed seed both are the same samples (`tests/oracle.rs` holds them together).

use super::super::Trouble;
use super::super::schema::{Case, member, numeric};
use super::super::tensor::Tensor as Recorded;
use kilograd::layer::Layer;
use kilograd::loss::{CrossEntropy, Loss, MeanSquaredError};
use kilograd::tensor::Vector;
use kilograd_tasks::{Scaling, SplitMix64, digits, friedman1, iris};
use serde_json::{Map, Value};

/// What a training run starts from: a `train_setup` case.
#[derive(Clone)]
pub struct Setup<'c> {
    pub(super) case: &'c Case,
    pub(super) seed: u64,
    pub(super) split_seed: u64,
    pub(super) training: usize,
    pub(super) batch: usize,
    pub(super) epochs: usize,
    preprocess: &'c Map<String, Value>,
}

impl<'c> Setup<'c> {
    /// Reads it from `case`.
    ///
    /// # Errors
    /// [`Trouble::Malformed`] if something is missing.
    pub fn of(case: &'c Case) -> Result<Self, Trouble> {
        let seed = |value: &Value, name| value.as_u64().ok_or(Trouble::Malformed(format!("{name} is not a seed")));
        let preprocess = member(&case.params, "params", "preprocess")?.as_object();
        Ok(Self {
            case,
            seed: seed(&case.seed, "seed")?,
            split_seed: seed(member(&case.params, "params", "split_seed")?, "params.split_seed")?,
            training: case.count("n_train")?,
            batch: case.count("batch")?.max(1),
            epochs: case.count("epochs")?,
            preprocess: preprocess.ok_or(Trouble::Malformed("params.preprocess is not an object".into()))?,
        })
    }

    /// The same with other weights and orders.
    pub(super) fn seeded(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    /// The order in which `epoch` visits the training samples.
    pub(super) fn order(&self, epoch: usize) -> Vec<usize> {
        shuffled(self.seed.wrapping_mul(1000).wrapping_add(epoch as u64), self.training)
    }
}

/// The numbers from 0 to `count − 1`, shuffled as the oracle does (Fisher and Yates).
pub(super) fn shuffled(seed: u64, count: usize) -> Vec<usize> {
    let mut generator = SplitMix64(seed);
    let mut order: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        let j = ((generator.next() >> 32) * (i as u64 + 1)) >> 32;
        order.swap(i, j as usize);
    }
    order
}

/// What a network of the task says.
pub(super) type Output<T> = <<T as Task>::Net as Layer>::Output;

/// An input of a task and its target.
pub type Sample<T> = (<<T as Task>::Net as Layer>::Input, <T as Task>::Target);

/// Inputs and targets of a task.
pub type Samples<T> = Vec<Sample<T>>;

/// A statistic of the training samples: its name, ours, and the recorded one.
pub type Statistic = (&'static str, Vec<f32>, Vec<f32>);

/// A data set, the network that learns it, and how well it did.
pub trait Task: Sized {
    /// The network.
    type Net: Layer<Output: Clone>;
    /// What a sample's output should be.
    type Target;
    /// What training makes small.
    type Loss: Loss<<Self::Net as Layer>::Output, Target = Self::Target> + Default;
    /// Rows of the data set.
    const ROWS: usize;
    /// The network's widths.
    const WIDTHS: [u64; 3];
    /// Its activation, by the oracle's name.
    const ACTIVATION: &'static str;
    /// Its loss, by the oracle's name.
    const LOSS: &'static str;
    /// What the oracle calls the score.
    const SCORE: &'static str;

    /// All samples in the order of the split, scaled by the recorded statistics.
    ///
    /// # Errors
    /// [`Trouble::Malformed`] if a statistic is missing.
    fn prepare(setup: &Setup<'_>) -> Result<(Samples<Self>, Vec<Statistic>), Trouble>;

    /// How many test samples came out right, or what share of the variance is explained.
    fn score(tested: &[(&Self::Target, <Self::Net as Layer>::Output)]) -> f64;
}

/// What can be done with any task.
pub(super) trait WithTask {
    /// Does it.
    fn with<T: Task>(self) -> Result<(), Trouble>;
}

/// Does `work` with the task that `setup` names.
pub(super) fn with_task(setup: &Setup<'_>, work: impl WithTask) -> Result<(), Trouble> {
    match setup.case.text("dataset")? {
        "digits" => checked::<Digits>(setup, work),
        "iris" => checked::<Iris>(setup, work),
        "friedman1" => checked::<Friedman1>(setup, work),
        other => Err(Trouble::NotImplemented(format!("the data set {other}"))),
    }
}

/// Refuses a network or a loss that is not the task's.
fn checked<T: Task>(setup: &Setup<'_>, work: impl WithTask) -> Result<(), Trouble> {
    let params = &setup.case.params;
    let widths = member(params, "params", "net")?;
    let (activation, loss) = (setup.case.text("hidden_act")?, setup.case.text("loss")?);
    let same_loss = loss.split(' ').next() == Some(T::LOSS);
    if *widths != Value::from(T::WIDTHS.to_vec()) || activation != T::ACTIVATION || !same_loss {
        return Err(Trouble::NotImplemented(format!("training {widths} with {activation} and {loss}")));
    }
    let samples = setup.training + setup.case.count("n_test")?;
    if samples != T::ROWS || setup.training == 0 {
        return Err(Trouble::Malformed(format!("a split of {samples} samples: the data set has {}", T::ROWS)));
    }
    work.with::<T>()
}

/// Handwritten digits.
pub enum Digits {}

impl Task for Digits {
    type Net = digits::Net;
    type Target = usize;
    type Loss = CrossEntropy;
    const ROWS: usize = digits::SAMPLES;
    const WIDTHS: [u64; 3] = [64, 32, 10];
    const ACTIVATION: &'static str = "relu";
    const LOSS: &'static str = "cross_entropy";
    const SCORE: &'static str = "test_correct";

    fn prepare(setup: &Setup<'_>) -> Result<(Samples<Self>, Vec<Statistic>), Trouble> {
        static RECORDS: &[u8] = include_bytes!("../../../../examples/tasks/data/digits.u8");
        let records = RECORDS.as_chunks::<{ digits::PIXELS + 1 }>().0;
        let sample = |row: usize| {
            let [pixels @ .., class] = &records[row];
            (Vector::from_fn(|i| f32::from(pixels[i]) / 16.0), usize::from(*class))
        };
        Ok((shuffled(setup.split_seed, records.len()).into_iter().map(sample).collect(), vec![]))
    }

    fn score(tested: &[(&usize, Output<Self>)]) -> f64 {
        tested.iter().filter(|(label, output)| output.argmax() == Some(**label)).count() as f64
    }
}

/// Iris flowers.
pub enum Iris {}

impl Task for Iris {
    type Net = iris::Net;
    type Target = usize;
    type Loss = CrossEntropy;
    const ROWS: usize = iris::SAMPLES;
    const WIDTHS: [u64; 3] = [4, 8, 3];
    const ACTIVATION: &'static str = "tanh";
    const LOSS: &'static str = "cross_entropy";
    const SCORE: &'static str = "test_correct";

    fn prepare(setup: &Setup<'_>) -> Result<(Samples<Self>, Vec<Statistic>), Trouble> {
        static CSV: &str = include_str!("../../../../examples/tasks/data/iris.csv");
        let field = |text: Option<&str>| text.and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
        let row = |line: &str| {
            let mut fields = line.split(',');
            (core::array::from_fn(|_| field(fields.next())), field(fields.next()) as usize)
        };
        let rows: Vec<([f64; 4], usize)> = CSV.lines().skip(1).map(row).collect();
        let rows: Vec<_> = shuffled(setup.split_seed, rows.len()).into_iter().map(|index| rows[index]).collect();
        let (scaling, statistics) = input_scaling(setup, rows.iter().map(|(x, _)| x))?;
        Ok((rows.iter().map(|(x, class)| (scaling.apply(x), *class)).collect(), statistics))
    }

    fn score(tested: &[(&usize, Output<Self>)]) -> f64 {
        tested.iter().filter(|(label, output)| output.argmax() == Some(**label)).count() as f64
    }
}

/// Friedman's first regression.
pub enum Friedman1 {}

impl Task for Friedman1 {
    type Net = friedman1::Net;
    type Target = Vector<1>;
    type Loss = MeanSquaredError;
    const ROWS: usize = friedman1::SAMPLES;
    const WIDTHS: [u64; 3] = [10, 16, 1];
    const ACTIVATION: &'static str = "tanh";
    const LOSS: &'static str = "mse";
    const SCORE: &'static str = "test_r2";

    fn prepare(setup: &Setup<'_>) -> Result<(Samples<Self>, Vec<Statistic>), Trouble> {
        let rows = friedman1::generate();
        let rows: Vec<_> = shuffled(setup.split_seed, rows.len()).into_iter().map(|index| rows[index]).collect();
        let (inputs, mut statistics) = input_scaling(setup, rows.iter().map(|(x, _)| x))?;
        let of = |name| numeric(setup.preprocess, name).map(|value| [value as f32]);
        let target = Scaling { mean: of("y_mean")?, inverse_deviation: of("y_inv_std")? };
        let computed = Scaling::of(rows.iter().take(setup.training).map(|(_, y)| y));
        statistics.push(("y_mean", computed.mean.to_vec(), target.mean.to_vec()));
        statistics.push(("y_inv_std", computed.inverse_deviation.to_vec(), target.inverse_deviation.to_vec()));
        Ok((rows.iter().map(|(x, y)| (inputs.apply(x), target.apply(y))).collect(), statistics))
    }

    fn score(tested: &[(&Vector<1>, Output<Self>)]) -> f64 {
        let value = |y: &Vector<1>| f64::from(y.as_array()[0]);
        let mean = tested.iter().map(|(t, _)| value(t)).sum::<f64>() / tested.len() as f64;
        let total: f64 = tested.iter().map(|(t, _)| (value(t) - mean).powi(2)).sum();
        let left: f64 = tested.iter().map(|(t, y)| (value(t) - value(y)).powi(2)).sum();
        1.0 - left / total
    }
}

/// The recorded scaling of the inputs, and its statistics beside those of the training rows.
fn input_scaling<'r, const N: usize>(
    setup: &Setup<'_>,
    rows: impl Iterator<Item = &'r [f64; N]> + Clone,
) -> Result<(Scaling<N>, Vec<Statistic>), Trouble> {
    let recorded = |name: &str| {
        let tensor = member(setup.preprocess, "params.preprocess", name)?;
        let values = Recorded::singles(tensor).map_err(Trouble::Malformed)?.values;
        <[f32; N]>::try_from(values).map_err(|_| Trouble::Malformed(format!("{name} does not have {N} values")))
    };
    let scaling = Scaling { mean: recorded("mean")?, inverse_deviation: recorded("inv_std")? };
    let computed = Scaling::of(rows.take(setup.training));
    let statistics = vec![
        ("mean", computed.mean.to_vec(), scaling.mean.to_vec()),
        ("inv_std", computed.inverse_deviation.to_vec(), scaling.inverse_deviation.to_vec()),
    ];
    Ok((scaling, statistics))
}
