//! K-FAC: against its formula in f64, and on a problem that is too ill-conditioned for plain descent.

use kilograd::Setting;
use kilograd::init::Distribution;
use kilograd::layer::{Batched, Dense, Kfac, Layer, PerSample};
use kilograd::optim::Step;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const B: usize = 6;
const IN: usize = 4;
const OUT: usize = 3;

type Table = Vec<Vec<f64>>;

fn drawn<const ROWS: usize, const COLUMNS: usize>(rng: &mut Xoshiro128PlusPlus) -> Matrix<ROWS, COLUMNS> {
    Matrix::from_fn(|_, _| Distribution::Uniform { bound: 1.0 }.sample(rng))
}

/// `Σ wₛ·rowₛ·rowₛᵀ + damping·I`.
fn moments<const N: usize>(rows: &[(f64, [f64; N])], damping: f64) -> Table {
    let element =
        |i: usize, j: usize| rows.iter().map(|(w, r)| w * r[i] * r[j]).sum::<f64>() + if i == j { damping } else { 0.0 };
    (0..N).map(|i| (0..N).map(|j| element(i, j)).collect()).collect()
}

fn mean_diagonal(table: &Table) -> f64 {
    (0..table.len()).map(|i| table[i][i]).sum::<f64>() / table.len() as f64
}

/// Solves `matrix·x = column` by Gauss and Jordan's elimination.
fn solve(matrix: &Table, column: &[f64]) -> Vec<f64> {
    let n = column.len();
    let mut rows: Table = matrix.iter().zip(column).map(|(row, b)| row.iter().copied().chain([*b]).collect()).collect();
    for i in 0..n {
        let pivot = (i..n).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs())).unwrap();
        rows.swap(i, pivot);
        let above = rows[i].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(k, _)| *k != i) {
            let factor = row[i] / above[i];
            row.iter_mut().zip(&above).for_each(|(x, a)| *x -= factor * a);
        }
    }
    (0..n).map(|i| rows[i][n] / rows[i][i]).collect()
}

/// `A⁻¹·gradient·G⁻¹` with the batches' moments, each weighing `decay` times the next one's, and factored damping.
fn natural(batches: &[(Matrix<B, IN>, Matrix<B, OUT>)], decay: f64, damping: f64) -> Table {
    let weights: Vec<f64> = (0..batches.len()).rev().map(|age| decay.powi(age as i32)).collect();
    let total: f64 = weights.iter().sum::<f64>() * B as f64;
    let (mut inputs, mut deltas) = (Vec::new(), Vec::new());
    for ((x, d), weight) in batches.iter().zip(&weights) {
        inputs.extend(x.as_rows().iter().map(|row| (weight / total, row.map(f64::from))));
        // Each sample's own gradient: the mean over the batch divided it by B.
        deltas.extend(d.as_rows().iter().map(|row| (weight / total, row.map(|d| B as f64 * f64::from(d)))));
    }
    let ratio = (mean_diagonal(&moments(&inputs, 0.0)) / mean_diagonal(&moments(&deltas, 0.0))).sqrt();
    let (a, g) = (moments(&inputs, damping.sqrt() * ratio), moments(&deltas, damping.sqrt() / ratio));

    let (x, d) = batches.last().unwrap();
    let gradient =
        |i: usize, j: usize| x.as_rows().iter().zip(d.as_rows()).map(|(x, d)| f64::from(x[i]) * f64::from(d[j])).sum::<f64>();
    let from_left: Table = (0..OUT).map(|j| solve(&a, &(0..IN).map(|i| gradient(i, j)).collect::<Vec<_>>())).collect();
    let mut natural: Table = (0..IN).map(|i| solve(&g, &(0..OUT).map(|j| from_left[j][i]).collect::<Vec<_>>())).collect();
    let bias: Vec<f64> = (0..OUT).map(|j| d.as_rows().iter().map(|d| f64::from(d[j])).sum()).collect();
    natural.push(solve(&g, &bias));
    natural
}

/// Solving with condition numbers up to 10² costs two digits of f32's seven; a term left out is off by a tenth.
const TOLERANCE: f64 = 1e-4;

#[test]
fn steps_are_those_of_the_formula() {
    for (decay, damping) in [(0.95, 1e-3), (0.5, 0.1), (0.0, 1e-2)] {
        let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
        let mut layer = Kfac::<B, IN, OUT>::new(decay, damping).unwrap();
        let mut accumulated = layer.clone();
        let mut states = (<Kfac<B, IN, OUT> as Layer>::State::<Sgd>::ZERO, <Kfac<B, IN, OUT> as Layer>::State::<Sgd>::ZERO);
        let mut batches = Vec::new();
        for _ in 0..4 {
            batches.push((drawn(rng), drawn(rng)));
            let ((x, d), before) = (batches.last().unwrap(), layer.clone());
            let mut gradient = Zero::ZERO;
            let step = Step::new::<()>(&Sgd, 1, 1.0, None);
            layer.dense.copy_from(&Zero::ZERO);
            layer.update(x, &(), d, &mut states.0, &step);
            accumulated.dense.copy_from(&Zero::ZERO);
            accumulated.accumulate(x, &(), d, &mut gradient);
            accumulated.apply(&mut gradient, &mut states.1, &step);
            assert_ne!(layer, before);

            let want = natural(&batches, f64::from(decay), f64::from(damping));
            let want = want.concat();
            let largest = want.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
            for dense in [&layer.dense, &accumulated.dense] {
                let got = dense.weights.as_slice().iter().chain(dense.bias.as_slice()).map(|step| -f64::from(*step));
                for (index, (got, want)) in got.zip(&want).enumerate() {
                    assert!((got - want).abs() < TOLERANCE * largest, "parameter {index}: {got}, not {want}");
                }
            }
        }
    }
}

const SAMPLES: usize = 32;
type Regression = (Matrix<SAMPLES, 4>, [Vector<1>; SAMPLES]);

/// Inputs whose deviations are 1, 3, 10 and 30 (a condition number of about 900), targets with a noise of deviation 0.5.
fn regression() -> Regression {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(7);
    let unit = Distribution::Normal { deviation: 1.0 };
    let scales = [1.0, 3.0, 10.0, 30.0];
    let inputs = Matrix::from_fn(|_, i| scales[i] * unit.sample(rng));
    let targets = std::array::from_fn(|s| {
        let signal: f32 = (0..4).map(|i| inputs.get(s, i).unwrap() / scales[i]).sum();
        Vector::new([signal + 0.5 * unit.sample(rng)])
    });
    (inputs, targets)
}

/// The loss of the least squares' solution.
fn least_loss() -> f64 {
    let (inputs, targets) = regression();
    let rows: Vec<(f64, [f64; 5])> =
        inputs.as_rows().iter().map(|x| (1.0, std::array::from_fn(|i| if i < 4 { f64::from(x[i]) } else { 1.0 }))).collect();
    let targets: Vec<f64> = targets.iter().map(|t| f64::from(t.as_array()[0])).collect();
    let right: Vec<f64> = (0..5).map(|i| rows.iter().zip(&targets).map(|((_, x), t)| x[i] * t).sum()).collect();
    let weights = solve(&moments(&rows, 0.0), &right);
    let error = |((_, x), t): (&(f64, [f64; 5]), &f64)| x.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() - t;
    rows.iter().zip(&targets).map(error).map(|error| error * error).sum::<f64>() / rows.len() as f64
}

/// Steps until the loss is below `target`, or `None` if 3,000 do not suffice or one of them is refused.
fn steps_to<N: Layer<Input = Matrix<SAMPLES, 4>, Output = Matrix<SAMPLES, 1>>>(rate: f32, target: f32) -> Option<u32> {
    let (inputs, targets) = regression();
    let mut memory = Memory::<N, Sgd>::ZERO;
    let mut trainer = Trainer::new(&mut memory, BatchMean(MeanSquaredError), Sgd, rate).unwrap();
    (0..3_000)
        .find(|_| trainer.step(&inputs, &targets).map_or(true, |loss| loss < target))
        .filter(|_| trainer.evaluate(&inputs, &targets).is_ok_and(|(loss, _)| loss < target))
}

#[test]
fn an_ill_conditioned_regression_takes_fewer_steps() {
    let target = 1.05 * least_loss() as f32;
    let rates = |count: i32| (0..count).map(|k| 2.0_f32.powi(-k));
    let sgd = rates(16).filter_map(steps_to_with::<Batched<Dense<4, 1>, SAMPLES>>(target)).min();
    let kfac = rates(8).filter_map(steps_to_with::<Kfac<SAMPLES, 4, 1>>(target)).min();
    let (sgd, kfac) = (sgd.expect("plain descent arrives in the end"), kfac.expect("K-FAC arrives"));
    println!("steps to a loss of {target}: SGD {sgd}, K-FAC {kfac}, each at its best rate");
    assert!(10 * kfac < sgd, "{kfac} against {sgd}");
}

fn steps_to_with<N: Layer<Input = Matrix<SAMPLES, 4>, Output = Matrix<SAMPLES, 1>>>(target: f32) -> impl Fn(f32) -> Option<u32> {
    move |rate| steps_to::<N>(rate, target)
}

#[test]
fn what_it_takes_of_memory() {
    type Network = Kfac<B, IN, OUT>;
    let state = IN * IN + OUT * OUT + IN * OUT + IN + 2 * OUT + 1;
    assert_eq!(Memory::<Network, Sgd>::STATE_BYTES, 4 * state);
    assert_eq!(Memory::<Network, Adam>::STATE_BYTES, 4 * (state + 2 * (IN + 1) * OUT));
    assert_eq!(Memory::<Network, Sgd, Accumulated>::GRADIENT_BYTES, 4 * ((IN + 1) * OUT + IN * IN + OUT * OUT));
    // Rules and norms see a dense layer's gradient; the moments are saved with the state.
    assert_eq!(<Network as Layer>::Gradient::COUNT, (IN + 1) * OUT);
    let mut buffers = 0;
    <Network as Layer>::State::<Adam>::ZERO.visit_buffers(&mut |group| buffers += group.len());
    assert_eq!(buffers, IN * IN + OUT * OUT + 1);
}

#[test]
fn what_would_overflow_the_moments_is_refused() {
    let mut memory = Memory::<Kfac<2, 1, 1>, Sgd>::ZERO;
    let mut trainer = Trainer::new(&mut memory, BatchMean(MeanSquaredError), Sgd, 0.1).unwrap();
    let before = fingerprint(trainer.network());
    let targets = [Vector::new([0.0]), Vector::new([1e-8])];
    assert_eq!(trainer.step(&Matrix::new([[1e20], [0.0]]), &targets), Err(Error::GradientTooLarge));
    assert_eq!(trainer.step(&Matrix::new([[1.0], [f32::NAN]]), &targets), Err(Error::InputNotFinite));
    assert_eq!(fingerprint(trainer.network()), before);
    // Nothing to learn from: no input, no delta. Nothing is divided by zero.
    let nothing = [Vector::ZERO, Vector::ZERO];
    assert_eq!(trainer.step(&Matrix::ZERO, &nothing), Ok(0.0));
    assert_eq!(fingerprint(trainer.network()), before);
}

#[test]
fn settings_out_of_range_are_refused() {
    for decay in [-0.1, 1.0, f32::NAN] {
        let refused = Kfac::<2, 1, 1>::new(decay, 0.1).unwrap_err();
        assert!(matches!(refused, Error::Setting(Setting::Beta2, _)));
    }
    for damping in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let refused = Kfac::<2, 1, 1>::new(0.9, damping).unwrap_err();
        assert!(matches!(refused, Error::Setting(Setting::Epsilon, _)));
    }
    let layer = Kfac::<2, 1, 1>::new(0.25, 0.5).unwrap();
    assert_eq!((layer.decay(), layer.damping()), (0.25, 0.5));
    assert_eq!((Kfac::<2, 1, 1>::ZERO.decay(), Kfac::<2, 1, 1>::ZERO.damping()), (0.95, 1e-3));
    let mut single = Dense::<1, 1>::ZERO;
    layer.write_single(&mut single);
    assert_eq!(single, layer.dense);
}
