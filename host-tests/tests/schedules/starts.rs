//! Where training starts from: orthogonal and sparse weights, weights for many layers, biases of frequent classes.

use kilograd::init::{HeNormal, LecunNormal, Orthogonal, RandomWalk, Scheme, Sparse, fit_marginals};
use kilograd::prelude::*;
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::collections::BTreeMap;

fn rng(seed: u64) -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(seed)
}

/// The largest element of `aᵀa − g²I` or, where rows are fewer, `aaᵀ − g²I`, in double precision, over g².
fn gram_error<const ROWS: usize, const COLUMNS: usize>(gain: f32, seed: u64) -> f64 {
    let mut a = Matrix::<ROWS, COLUMNS>::ZERO;
    Orthogonal { gain }.fill(a.as_mut_slice(), ROWS, COLUMNS, &mut rng(seed));
    let square = f64::from(gain).powi(2);
    let (count, length) = if COLUMNS <= ROWS { (COLUMNS, ROWS) } else { (ROWS, COLUMNS) };
    let at = |vector, i| f64::from(if COLUMNS <= ROWS { a.get(i, vector) } else { a.get(vector, i) }.unwrap());
    let error = |i: usize, j: usize| {
        let product: f64 = (0..length).map(|k| at(i, k) * at(j, k)).sum();
        (product / square - if i == j { 1.0 } else { 0.0 }).abs()
    };
    (0..count).flat_map(|i| (0..count).map(move |j| (i, j))).map(|(i, j)| error(i, j)).fold(0.0, f64::max)
}

#[test]
fn orthogonal_whatever_the_shape() {
    // A few roundings of numbers below one.
    for seed in 0..5 {
        for gain in [1.0, 2.0_f32.sqrt(), 1e-3, 1e6] {
            let errors = [
                gram_error::<1, 1>(gain, seed),
                gram_error::<1, 7>(gain, seed),
                gram_error::<7, 1>(gain, seed),
                gram_error::<2, 2>(gain, seed),
                gram_error::<16, 16>(gain, seed),
                gram_error::<64, 32>(gain, seed),
                gram_error::<10, 33>(gain, seed),
                gram_error::<63, 64>(gain, seed),
            ];
            assert!(errors.iter().all(|error| *error < 1e-6), "{errors:?}");
        }
    }
}

#[test]
fn every_direction_is_as_likely() {
    // The first row of a random orthogonal matrix is a random direction, also where it is not the first to be drawn: each
    // element has mean 0 and mean square 1/n.
    const DRAWS: usize = 4_000;
    let (mut means, mut squares) = ([0.0_f64; 4], [0.0_f64; 4]);
    let rng = &mut rng(2);
    for _ in 0..DRAWS {
        let mut a = Matrix::<4, 4>::ZERO;
        Orthogonal { gain: 1.0 }.fill(a.as_mut_slice(), 4, 4, rng);
        for ((mean, square), x) in means.iter_mut().zip(&mut squares).zip(a.row(0).unwrap()) {
            *mean += f64::from(*x) / DRAWS as f64;
            *square += f64::from(*x).powi(2) / DRAWS as f64;
        }
    }
    // Four standard errors: √(1/4 / n), and √(Var x² / n) with Var x² = 2(n−1) / (n²(n+2)) = 1/16.
    let error = 4.0 / (DRAWS as f64).sqrt();
    assert!(means.iter().all(|mean| mean.abs() < error * 0.5), "{means:?}");
    assert!(squares.iter().all(|square| (square - 0.25).abs() < error * 0.25), "{squares:?}");
}

#[test]
fn weights_of_another_shape_are_left_alone() {
    let mut weights = [7.0; 6];
    for (fan_in, fan_out) in [(2, 2), (4, 3), (0, 6), (usize::MAX, 2), (usize::MAX, usize::MAX)] {
        Orthogonal { gain: 1.0 }.fill(&mut weights, fan_in, fan_out, &mut rng(1));
        assert_eq!(weights, [7.0; 6]);
    }
    Orthogonal { gain: 1.0 }.fill(&mut [], 0, 0, &mut rng(1));
}

#[test]
fn exactly_so_many_weights_enter_a_unit() {
    for nonzero in [0, 1, 5, 19, 20, 99] {
        let mut layer = <network![20 => 30]>::ZERO;
        layer.initialize(&Sparse { nonzero, ..Sparse::MARTENS }, Bias::Zero, &mut rng(3));
        for unit in 0..30 {
            let entering = (0..20).filter(|input| layer.weights.get(*input, unit) != Some(0.0)).count();
            assert_eq!(entering, nonzero.min(20));
        }
    }
}

#[test]
fn every_choice_of_inputs_is_as_likely() {
    const UNITS: usize = 6_000;
    let mut weights = vec![0.0; 5 * UNITS];
    Sparse { nonzero: 2, ..Sparse::MARTENS }.fill(&mut weights, 5, UNITS, &mut rng(4));
    let mut counts = BTreeMap::new();
    for unit in 0..UNITS {
        let chosen: Vec<usize> = (0..5).filter(|input| weights[input * UNITS + unit] != 0.0).collect();
        *counts.entry(chosen).or_insert(0.0_f64) += 1.0;
    }
    let expected = UNITS as f64 / 10.0;
    let chi_square: f64 = counts.values().map(|n| (n - expected).powi(2) / expected).sum();
    // Ten pairs; nine degrees of freedom exceed 33.7 once in 10⁴ times.
    assert!(counts.len() == 10 && chi_square < 33.7, "{counts:?}");
}

/// Mean and standard error, over seeds, of how the logarithm of the activations' norm changes over `DEPTH` layers of 24 units
/// (so many that a layer of rectified units is hardly ever off altogether).
fn drift(scheme: &impl Scheme, rectified: bool, seeds: u32) -> (f64, f64) {
    const DEPTH: usize = 50;
    let walk = |seed| {
        let rng = &mut rng(seed);
        let (mut x, mut y, mut layer) =
            (Vector::<24>::from_fn(|_| 24.0_f32.sqrt().recip()), Vector::ZERO, <network![24 => 24]>::ZERO);
        for _ in 0..DEPTH {
            layer.initialize(scheme, Bias::Zero, rng);
            layer.forward(&x, &mut y, &mut ());
            x.copy_from(&y);
            if rectified {
                x.map(|x| if x > 0.0 { x } else { 0.0 });
            }
        }
        f64::from(x.norm()).ln()
    };
    let walks: Vec<f64> = (0..seeds).map(|seed| walk(seed.into())).collect();
    let mean = walks.iter().sum::<f64>() / f64::from(seeds);
    let variance = walks.iter().map(|walk| (walk - mean).powi(2)).sum::<f64>() / f64::from(seeds - 1);
    (mean, (variance / f64::from(seeds)).sqrt())
}

#[test]
fn a_random_walk_has_no_drift_over_fifty_layers() {
    const SEEDS: u32 = 120;
    for (scheme, rectified) in [(RandomWalk::Linear, false), (RandomWalk::Relu, true)] {
        let (mean, error) = drift(&scheme, rectified, SEEDS);
        // The formula is the authors' fit: half a nat over fifty layers is what they promise no better.
        assert!(mean.abs() < 0.5 + 3.0 * error && error < 0.4, "{scheme:?} drifts by {mean} ± {error}");
    }
    // Without the correction: −1/(2n) and about −1.2/(n − 2.4) a layer.
    let (linear, rectified) = (drift(&LecunNormal, false, SEEDS), drift(&HeNormal, true, SEEDS));
    assert!((linear.0 + 50.0 / 48.0).abs() < 0.3 + 3.0 * linear.1, "{linear:?}");
    assert!((rectified.0 + 50.0 * 1.2 / 21.6).abs() < 0.5 + 3.0 * rectified.1, "{rectified:?}");
}

#[test]
fn orthogonal_layers_keep_the_norm_to_the_last_digits() {
    let (mean, error) = drift(&Orthogonal { gain: 1.0 }, false, 3);
    assert!(mean.abs() < 1e-5 && error < 1e-6, "{mean} ± {error}");
}

/// How many training samples of the digits each class has.
fn class_counts() -> [f32; digits::CLASSES] {
    let (data, mut input, mut counts) = (Digits::training(), Vector::ZERO, [0.0; digits::CLASSES]);
    for index in 0..digits::TRAINING {
        counts[data.load(index, &mut input).unwrap()] += 1.0;
    }
    counts
}

#[test]
fn the_first_loss_is_the_entropy_of_the_marginals() {
    let counts = class_counts();
    let entropy: f64 = counts.iter().map(|n| f64::from(*n) / digits::TRAINING as f64).map(|share| -share * share.ln()).sum();
    let mut memory = Memory::<digits::Net, Sgd>::ZERO;
    digits::initialize(&mut memory.network, 1);
    memory.network.second.weights.fill(0.0);
    fit_marginals(&Vector::new(counts), &mut memory.network.second.bias).unwrap();
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.1).unwrap();
    let loss = trainer.evaluate_all(&Digits::training(), 0..digits::TRAINING, |_, _| Ok(())).unwrap();
    assert!((f64::from(loss) - entropy).abs() < 1e-5, "{loss}, not {entropy}");
}

#[test]
fn marginals_of_any_size_become_a_distribution() {
    for marginals in [[1.0, 2.0, 5.0], [1e-30, 1.0, 1e30], [1e-44, 1e-40, 1e-38], [1e38, 1e37, 1e38]] {
        let (mut bias, mut gradient) = (Vector::ZERO, Vector::ZERO);
        fit_marginals(&Vector::new(marginals), &mut bias).unwrap();
        let sum: f64 = marginals.iter().map(|share| f64::from(*share)).sum();
        for (class, share) in marginals.into_iter().enumerate() {
            let want = -(f64::from(share) / sum).ln();
            let loss = f64::from(CrossEntropy::default().evaluate(&bias, &class, &mut gradient).unwrap());
            assert!((loss - want).abs() < 1e-5 * (1.0 + want), "{loss}, not {want}");
        }
    }
}

#[test]
fn marginals_that_are_none_are_refused() {
    for wrong in [0.0, -0.0, -1.0, f32::NAN, f32::INFINITY, f32::MAX] {
        let mut bias = Vector::new([7.0; 3]);
        // The largest twice overflows the sum.
        let marginals = Vector::new([wrong, 0.5, if wrong == f32::MAX { wrong } else { 0.5 }]);
        assert_eq!(fit_marginals(&marginals, &mut bias), Err(Error::TargetInvalid));
        assert_eq!(bias, Vector::new([7.0; 3]));
    }
}
