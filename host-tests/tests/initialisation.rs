//! Initialisation: every scheme's distribution, its order of draws, and why weights must differ.

use kilograd::init::{
    Constant, Distribution, FanInUniform, GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunTruncatedNormal,
    LecunUniform, Orthogonal, RandomWalk, Scheme, Sparse,
};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_tasks::iris;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const FAN_IN: usize = 200;
const FAN_OUT: usize = 150;
const DRAWS: usize = FAN_IN * FAN_OUT;

/// How many standard errors a moment may be off: a right one is farther off once in 15,000 times, and seeds are fixed.
const STANDARD_ERRORS: f64 = 4.0;

/// The fourth moment of a distribution over the square of its second, which says how far estimates scatter.
const UNIFORM: f64 = 1.8;
const NORMAL: f64 = 3.0;
/// Of a standard normal cut off at ±2.
const TRUNCATED: f64 = 2.3655;

fn rng(seed: u64) -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(seed)
}

fn draw(scheme: &impl Scheme, seed: u64) -> Vec<f32> {
    let mut weights = vec![0.0; DRAWS];
    scheme.fill(&mut weights, FAN_IN, FAN_OUT, &mut rng(seed));
    weights
}

/// The mean of `xᵏ`.
fn moment(x: &[f32], k: i32) -> f64 {
    x.iter().map(|x| f64::from(*x).powi(k)).sum::<f64>() / x.len() as f64
}

/// Checks mean, variance and kurtosis; returns the draws and the largest magnitude in standard deviations.
fn check_moments(scheme: &impl Scheme, variance: f64, kurtosis: f64) -> f64 {
    let weights = draw(scheme, 1);
    let root_n = (DRAWS as f64).sqrt();
    let mean_error = moment(&weights, 1).abs() / variance.sqrt() * root_n;
    let variance_error = (moment(&weights, 2) / variance - 1.0).abs() * root_n / (kurtosis - 1.0).sqrt();
    let skewness = moment(&weights, 3) / variance.powf(1.5);
    let got_kurtosis = moment(&weights, 4) / moment(&weights, 2).powi(2);
    assert!(mean_error < STANDARD_ERRORS, "mean off by {mean_error} standard errors");
    assert!(variance_error < STANDARD_ERRORS, "variance off by {variance_error} standard errors");
    // The standard errors of a normal distribution, √(15/n) and √(24/n); the others scatter less.
    assert!(skewness.abs() * root_n / 15.0_f64.sqrt() < STANDARD_ERRORS, "skewness {skewness}");
    assert!((got_kurtosis - kurtosis).abs() * root_n / 24.0_f64.sqrt() < STANDARD_ERRORS, "kurtosis {got_kurtosis}");
    weights.iter().fold(0.0, |largest, w| f64::max(largest, f64::from(w.abs()))) / variance.sqrt()
}

/// Uniform: nothing beyond √3 standard deviations (but for the rounding of the bound), and something close to it.
fn check_uniform(scheme: &impl Scheme, variance: f64) {
    let largest = check_moments(scheme, variance, UNIFORM) / 3.0_f64.sqrt();
    assert!((0.999..=1.0 + 1e-6).contains(&largest), "{largest}");
}

/// Normal: of 30,000 draws the largest lies between 3.5 and 6 standard deviations, but for once in 10⁴ times.
fn check_normal(scheme: &impl Scheme, variance: f64) {
    let largest = check_moments(scheme, variance, NORMAL);
    assert!((3.5..6.0).contains(&largest), "{largest}");
}

#[test]
fn schemes_have_their_moments_and_bounds() {
    let (fan_in, fan_out) = (FAN_IN as f64, FAN_OUT as f64);
    check_uniform(&GlorotUniform, 2.0 / (fan_in + fan_out));
    check_normal(&GlorotNormal, 2.0 / (fan_in + fan_out));
    check_uniform(&HeUniform, 2.0 / fan_in);
    check_normal(&HeNormal, 2.0 / fan_in);
    check_uniform(&LecunUniform, 1.0 / fan_in);
    check_normal(&LecunNormal, 1.0 / fan_in);
    check_uniform(&FanInUniform, 1.0 / (3.0 * fan_in));
    check_normal(&RandomWalk::Linear, (1.0 / fan_in).exp() / fan_in);
    check_normal(&RandomWalk::Relu, 2.0 * (2.4 / (fan_in - 2.4)).exp() / fan_in);
    check_uniform(&Distribution::Uniform { bound: 0.5 }, 0.25 / 3.0);
    check_normal(&Distribution::Normal { deviation: 3.0 }, 9.0);
}

#[test]
fn a_truncated_normal_has_the_deviation_that_was_asked_for() {
    // The largest draw lies at two deviations of what was cut off, which was widened by 1 / 0.8796 to have one again.
    let two = check_moments(&Distribution::TruncatedNormal { deviation: 2.0 }, 4.0, TRUNCATED);
    let lecun = check_moments(&LecunTruncatedNormal, 1.0 / FAN_IN as f64, TRUNCATED);
    for largest in [two, lecun] {
        assert!((1.99..=2.0 + 1e-6).contains(&(largest * 0.879_625_66)), "{largest}");
    }
}

#[test]
fn a_constant_is_constant() {
    assert!(draw(&Constant(0.25), 1).iter().all(|w| *w == 0.25));
    let mut net = <network![3 => 2]>::ZERO;
    net.initialize(&Constant(0.25), Bias::Constant(-0.5), &mut rng(1));
    assert_eq!((net.weights, net.bias), (Matrix::from_fn(|_, _| 0.25), Vector::new([-0.5; 2])));
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    fn check(scheme: &impl Scheme) {
        let bits = |seed| draw(scheme, seed).into_iter().map(f32::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(7), bits(7));
        assert_ne!(bits(7), bits(8));
    }
    check(&GlorotUniform);
    check(&HeNormal);
    check(&LecunTruncatedNormal);
    check(&Orthogonal { gain: 1.0 });
    check(&Sparse::MARTENS);
    let net = |seed| {
        let mut net = iris::Net::ZERO;
        net.initialize(&GlorotNormal, Bias::Zero, &mut rng(seed));
        fingerprint(&net)
    };
    assert_eq!(net(7), net(7));
    assert_ne!(net(7), net(8));
}

#[test]
fn weights_are_drawn_unit_by_unit() {
    // All that enter the first output, then the second: PyTorch's `[out][in]`, transposed.
    let distribution = Distribution::Normal { deviation: 1.0 };
    let mut net = <network![4 => 3]>::ZERO;
    net.initialize(&distribution, Bias::Zero, &mut rng(9));
    let mut one_by_one = rng(9);
    let pytorch = Matrix::<3, 4>::from_fn(|_, _| distribution.sample(&mut one_by_one));
    let mut input_major = Matrix::ZERO;
    pytorch.transpose(&mut input_major);
    assert_eq!(net.weights, input_major);
}

#[test]
fn layers_are_drawn_from_the_first_to_the_last() {
    let mut net = <network![4 => 3 => Relu => 2]>::ZERO;
    net.initialize(&HeUniform, Bias::Zero, &mut rng(9));
    let (mut first, mut last, rng) = (<network![4 => 3]>::ZERO, <network![3 => 2]>::ZERO, &mut rng(9));
    first.initialize(&HeUniform, Bias::Zero, rng);
    last.initialize(&HeUniform, Bias::Zero, rng);
    assert_eq!((net.first.layer, net.second), (first, last));
}

/// Trains on Iris and returns how many of the eight hidden units have weights of their own.
fn different_units(scheme: &impl Scheme) -> usize {
    let mut memory = Memory::<iris::Net, Momentum>::ZERO;
    memory.network.initialize(scheme, Bias::Zero, &mut rng(1));
    let before = fingerprint(&memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::DEFAULT, 0.01).unwrap();
    for _ in 0..5 {
        trainer.epoch(&iris::load()[..], 0..iris::TRAINING).unwrap();
    }
    assert_ne!(fingerprint(trainer.network()), before);
    let mut units = Matrix::<8, 4>::ZERO;
    trainer.network().first.layer.weights.transpose(&mut units);
    let distinct: std::collections::BTreeSet<[u32; 4]> = units.as_rows().iter().map(|unit| unit.map(f32::to_bits)).collect();
    distinct.len()
}

#[test]
fn units_that_start_equal_stay_equal() {
    // Deep Learning, section 8.4: only different starting points break the symmetry between units.
    assert_eq!(different_units(&Constant(0.1)), 1);
    assert_eq!(different_units(&Constant(0.0)), 1);
    assert_eq!(different_units(&HeUniform), 8);
    assert_eq!(different_units(&Orthogonal { gain: 1.0 }), 8);
    assert_eq!(different_units(&Sparse { nonzero: 2, ..Sparse::MARTENS }), 8);
}
