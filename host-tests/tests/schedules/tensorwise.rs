//! Rules that see a whole tensor's gradient, and the diagonal Fisher information.

use kilograd::layer::GRADIENT_LIMIT;
use kilograd::optim::{Adafactor, Lamb, Lars, NaturalGradient, Shampoo, Step, Tensorwise, TrustRatio};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::{Error, Setting};
use kilograd_tasks::digits::{self, Digits};

/// Takes `steps` steps with the gradients that `gradient` says, a tensor at a time.
fn descend<T: Tensor, R: Rule>(rule: &R, rate: f32, weights: &mut T, steps: u32, gradient: impl Fn(&T, &mut T)) {
    let mut state = R::State::<T>::ZERO;
    for step in 1..=steps {
        let mut g = T::ZERO;
        gradient(weights, &mut g);
        let step = Step::new(rule, step, rate, Some(&g));
        step.descend(weights, &mut g, &mut state);
    }
}

#[test]
fn a_step_is_as_long_as_the_weights_are() {
    for size in [1e-30, 1e-10, 1.0, 1e10, 1e17] {
        let mut weights = Matrix::<2, 2>::new([[1.0, -2.0], [2.0, 4.0]]);
        let rule = TrustRatio { coefficient: 0.5 };
        descend(&rule, 0.2, &mut weights, 1, |_, g| g.copy_from(&Matrix::new([[0.0, size], [0.0, 0.0]])));
        let want = -2.0 - 0.2 * 0.5 * 5.0;
        assert!((weights.get(0, 1).unwrap() / want - 1.0).abs() < 1e-6, "{weights:?} for a gradient of {size}");
    }
}

#[test]
fn without_a_norm_there_is_no_ratio() {
    let rule = TrustRatio { coefficient: 0.5 };
    let mut weights = Vector::new([0.0, 0.0]);
    descend(&rule, 0.25, &mut weights, 1, |_, g| g.copy_from(&Vector::new([4.0, 8.0])));
    assert_eq!(weights, Vector::new([-1.0, -2.0]));
    descend(&rule, 0.25, &mut weights, 1, |_, g| g.fill(0.0));
    assert_eq!(weights, Vector::new([-1.0, -2.0]));
}

/// A step in proportion to weights near the largest number would lead beyond it, and every later gradient nowhere.
#[test]
fn weights_near_the_largest_number_stay_finite() {
    fn check<R: Rule>(rule: R) {
        for size in [1e17, 1e18, 1e30, 1e38, f32::MAX] {
            for rate in [0.1, 1.0] {
                let mut weights = Matrix::new([[size, -size, size], [-size, 0.0, 1.0]]);
                // Outwards, where there is an outside.
                descend(&rule, rate, &mut weights, 300, |w, g| {
                    g.copy_from(&Matrix::from_fn(|i, j| -w.get(i, j).unwrap().signum()))
                });
                assert!(weights.is_finite(), "from {size:e} at {rate}: {weights:?}");
            }
        }
    }
    check(TrustRatio { coefficient: 1.0 });
    check(Lars::new(0.1, 0.0, Momentum { momentum: 0.999, ..Momentum::DEFAULT }));
    check(Lamb::new(0.0));
    check(Adafactor::DEFAULT);
}

/// Square matrices in double precision.
type Square = Vec<Vec<f64>>;

fn times(a: &Square, b: &Square) -> Square {
    a.iter().map(|row| (0..b[0].len()).map(|j| row.iter().zip(b).map(|(x, line)| x * line[j]).sum()).collect()).collect()
}

fn transposed(a: &Square) -> Square {
    (0..a[0].len()).map(|j| a.iter().map(|row| row[j]).collect()).collect()
}

fn combined(a: &Square, b: &Square, f: impl Fn(f64, f64) -> f64) -> Square {
    a.iter().zip(b).map(|(x, y)| x.iter().zip(y).map(|(x, y)| f(*x, *y)).collect()).collect()
}

fn identity(n: usize) -> Square {
    (0..n).map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect()
}

/// `a^(−¼)` by the coupled Newton iteration (C.-H. Guo and N. Higham, 2006), which knows nothing of eigenvectors.
fn inverse_fourth_root(a: &Square) -> Square {
    let n = a.len();
    let norm = a.iter().flatten().map(|x| x * x).sum::<f64>().sqrt();
    let z = 5.0 / (2.0 * norm);
    let mut m = combined(a, a, |x, _| z * x);
    let mut x = combined(&identity(n), &identity(n), |one, _| z.powf(0.25) * one);
    for _ in 0..200 {
        let t = combined(&identity(n), &m, |one, m| (5.0 * one - m) / 4.0);
        x = times(&x, &t);
        let square = times(&t, &t);
        m = times(&times(&square, &square), &m);
    }
    x
}

/// ½·‖W − target‖² with every element weighted, so that rows and columns are coupled.
fn coupled(weights: &Matrix<5, 3>, g: &mut Matrix<5, 3>) {
    for i in 0..5 {
        for j in 0..3 {
            let off = |i: usize, j: usize| weights.get(i, j).unwrap_or_default() - (i as f32 - 2.0 * j as f32);
            *g.get_mut(i, j).unwrap() = off(i, j) + 0.5 * off((i + 1) % 5, j) + 0.25 * off(i, (j + 2) % 3);
        }
    }
}

#[test]
fn shampoo_is_what_its_formula_says() {
    const EPSILON: f64 = 0.01;
    const RATE: f64 = 0.3;
    let rule = Shampoo { epsilon: EPSILON as f32, every: 1 };
    let (mut weights, mut state) = (Matrix::<5, 3>::ZERO, <Shampoo as Rule>::State::<Matrix<5, 3>>::ZERO);
    let mut reference = vec![vec![0.0; 3]; 5];
    let scaled = |n, by: f64| combined(&identity(n), &identity(n), |one, _| by * one);
    let (mut left, mut right) = (scaled(5, EPSILON), scaled(3, EPSILON));
    for step in 1..=25 {
        // The same gradient for both, at the weights of the one under test.
        let mut g = Matrix::ZERO;
        coupled(&weights, &mut g);
        let gradient: Square = g.as_rows().iter().map(|row| row.iter().map(|x| f64::from(*x)).collect()).collect();
        left = combined(&left, &times(&gradient, &transposed(&gradient)), |a, b| a + b);
        right = combined(&right, &times(&transposed(&gradient), &gradient), |a, b| a + b);
        let direction = times(&times(&inverse_fourth_root(&left), &gradient), &inverse_fourth_root(&right));
        let before = weights.clone();
        Step::new(&rule, step, RATE as f32, Some(&g.clone())).descend(&mut weights, &mut g, &mut state);
        for (i, row) in direction.iter().enumerate() {
            for (j, d) in row.iter().enumerate() {
                reference[i][j] = f64::from(before.get(i, j).unwrap()) - RATE * d;
                let got = f64::from(weights.get(i, j).unwrap());
                // Single precision knows the sums, and so the smallest eigenvalues, to 1e-7 of the largest.
                assert!((got - reference[i][j]).abs() < 3e-5, "step {step}: {got}, not {}", reference[i][j]);
            }
        }
    }
}

#[test]
fn a_basis_that_lasts_longer_leads_to_the_minimum_too() {
    for every in [1, 3, 10, u32::MAX] {
        let mut weights = Matrix::ZERO;
        descend(&Shampoo { every, ..Shampoo::DEFAULT }, 1.0, &mut weights, 400, coupled);
        let mut g = Matrix::ZERO;
        coupled(&weights, &mut g);
        assert!(g.norm_max() < 1e-3, "{every}: a gradient of {}", g.norm_max());
    }
}

#[test]
fn a_bias_is_preconditioned_by_its_elements() {
    let mut bias = Vector::new([0.0, 0.0]);
    descend(&Shampoo { epsilon: 1e-12, every: 1 }, 0.5, &mut bias, 1, |_, g| g.copy_from(&Vector::new([3.0, -100.0])));
    assert!((bias.as_array()[0] + 0.5).abs() < 1e-6 && (bias.as_array()[1] - 0.5).abs() < 1e-6, "{bias:?}");
}

#[test]
fn squares_of_rank_one_are_kept_whole_by_adafactor() {
    // The first step replaces the moments, so that each element is divided by its own magnitude; then the direction's root
    // mean square is one, and the step η·rms(w).
    let (a, b) = ([1.0, -3.0, 0.01], [2.0, -0.5, 7.0, 1e-3]);
    let mut weights = Matrix::<3, 4>::from_fn(|i, j| if (i + j) % 2 == 0 { 2.0 } else { -2.0 });
    let before = weights.clone();
    descend(&Adafactor::DEFAULT, 0.01, &mut weights, 1, |_, g| g.copy_from(&Matrix::from_fn(|i, j| a[i] * b[j])));
    for (i, a) in a.iter().enumerate() {
        for (j, b) in b.iter().enumerate() {
            let step = weights.get(i, j).unwrap() - before.get(i, j).unwrap();
            assert!((step + 0.02 * (a * b).signum()).abs() < 1e-5, "{i}, {j}: {step}");
        }
    }
}

#[test]
fn adafactor_knows_the_rate() {
    // min(η, 1/√t): from step 100 on a rate of 1 is cut to a tenth and less. A rate of zero moves nothing.
    let step = |step: u32, rate: f32| {
        let (mut weights, mut g) = (Vector::new([1.0, -1.0]), Vector::new([2.0, 2.0]));
        let mut state = <Adafactor as Rule>::State::<Vector<2>>::ZERO;
        state.1.fill(4.0);
        Step::new(&Adafactor::DEFAULT, step, rate, Some(&g.clone())).descend(&mut weights, &mut g, &mut state);
        1.0 - weights.as_array()[0]
    };
    assert!((step(100, 1.0) - 0.1).abs() < 1e-5 && (step(100, 0.05) - 0.05).abs() < 1e-5);
    assert_eq!(step(100, 0.0), 0.0);
}

#[test]
fn the_natural_gradient_does_not_depend_on_the_scale_of_a_parameter() {
    // Inputs c times as large and weights as much smaller say the same; then so do they after any number of steps.
    let outputs = |c: f32| {
        let mut memory = Memory::<network![2 => 1], NaturalGradient>::ZERO;
        memory.network.weights = Matrix::new([[0.5 / c], [-0.25]]);
        let rule = NaturalGradient { beta2: 0.9, epsilon: 1e-12 };
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, rule, 0.05).unwrap();
        for (x, y) in [(1.0, 2.0), (-2.0, 0.5), (0.5, -1.0), (3.0, 3.0)].repeat(5) {
            trainer.step(&Vector::new([c * x, y]), &Vector::new([x * y])).unwrap();
        }
        trainer.predict(&Vector::new([c, 1.0])).as_array()[0]
    };
    let (one, large, small) = (outputs(1.0), outputs(64.0), outputs(1.0 / 64.0));
    assert!((large / one - 1.0).abs() < 1e-4 && (small / one - 1.0).abs() < 1e-4, "{one}, {large}, {small}");
    assert!((one - 0.25).abs() > 0.01, "nothing was learned");
}

#[test]
fn the_fisher_information_is_the_mean_square_of_single_gradients() {
    // A mean over t steps weighted by β₂ᵗ⁻ⁱ, in double precision.
    let gradients = [1.0_f32, -2.0, 0.5, 3.0];
    let rule = NaturalGradient { beta2: 0.9, epsilon: 0.1 };
    let (mut state, mut sums) = (Vector::ZERO, (0.0, 0.0));
    for (step, gradient) in (1..).zip(gradients) {
        let (mut weights, mut g) = (Vector::new([0.0]), Vector::new([gradient]));
        Step::new(&rule, step, 1.0, Some(&g.clone())).descend(&mut weights, &mut g, &mut state);
        sums = (0.9 * sums.0 + f64::from(gradient).powi(2), 0.9 * sums.1 + 1.0);
        let want = -f64::from(gradient) / (sums.0 / sums.1 + 0.1);
        assert!((f64::from(weights.as_array()[0]) / want - 1.0).abs() < 1e-5, "step {step}: {weights:?}, not {want}");
    }
}

#[test]
fn gradients_of_any_size_leave_weights_finite() {
    fn check<R: Rule>(rule: R) {
        for size in [0.0, 1e-45, 1e-30, 1e-10, 1.0, 1e10, GRADIENT_LIMIT] {
            let mut weights = Matrix::<3, 4>::from_fn(|i, j| i as f32 - j as f32);
            descend(&rule, 1e-3, &mut weights, 30, |_, g| {
                g.copy_from(&Matrix::from_fn(|i, j| if i == 1 { 0.0 } else { size * (j as f32 - 1.5) / 12.0 }));
            });
            assert!(weights.is_finite(), "{weights:?} for gradients of {size}");
            let mut bias = Vector::<3>::ZERO;
            descend(&rule, 1e-3, &mut bias, 30, |_, g| g.fill(size / 3.0));
            assert!(bias.is_finite(), "{bias:?} for gradients of {size}");
        }
    }
    check(TrustRatio { coefficient: 1.0 });
    check(Lamb::new(0.01));
    check(Lars::new(0.001, 0.01, Momentum::NESTEROV));
    check(Adafactor::DEFAULT);
    check(Shampoo { every: 3, ..Shampoo::DEFAULT });
    check(NaturalGradient { beta2: 0.99, epsilon: 1e-3 });
}

/// Trains the digits for two epochs and returns the held-out accuracy and the fingerprint.
fn digits_accuracy<R: Rule>(rule: R, rate: f32) -> (f32, u64) {
    let mut memory = Box::new(Memory::<digits::Net, R, Accumulated>::ZERO);
    let mut rng = digits::initialize(&mut memory.network, 1);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, rate).unwrap();
    for _ in 0..2 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, &mut rng), 16).unwrap();
    }
    let mut confusion = kilograd::train::ConfusionMatrix::<{ digits::CLASSES }>::new();
    trainer
        .evaluate_all(&Digits::test(), 0..Digits::test().len(), |label, output| confusion.record_output(*label, output))
        .unwrap();
    (confusion.accuracy(), fingerprint(trainer.network()))
}

#[test]
fn digits_are_learned() {
    let learned = [
        ("LAMB", digits_accuracy(Lamb::new(0.01), 0.02)),
        ("clipped LAMB", digits_accuracy(Then(ClipNorm::new(1.0), Lamb::new(0.01)), 0.02)),
        ("LARS", digits_accuracy(Lars::new(0.02, 1e-4, Momentum::DEFAULT), 0.1)),
        ("Adafactor", digits_accuracy(Adafactor::DEFAULT, 0.05)),
        ("Shampoo", digits_accuracy(Shampoo { every: 30, ..Shampoo::DEFAULT }, 0.1)),
        ("natural gradient", digits_accuracy(NaturalGradient { beta2: 0.99, epsilon: 1e-3 }, 0.002)),
    ];
    assert!(learned.iter().all(|(_, (accuracy, _))| *accuracy > 0.8), "{learned:?}");
    // A clipping that does something is another training.
    assert_ne!(learned[0].1.1, learned[1].1.1);
}

fn refused<R: Tensorwise + Copy>(rule: R, setting: Setting) {
    let about = |result: Result<(), Error>| matches!(result, Err(Error::Setting(what, _)) if what == setting);
    assert!(about(rule.check()) && about(Then(ClipNorm::new(1.0), rule).check()));
    let mut memory = Memory::<network![3 => 2], R, Accumulated>::ZERO;
    assert!(about(Trainer::new(&mut memory, MeanSquaredError, rule, 0.1).map(|_| ())));
}

#[test]
fn settings_outside_their_ranges_are_refused() {
    for wrong in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        refused(TrustRatio { coefficient: wrong }, Setting::TrustCoefficient);
        refused(Lars::new(wrong, 0.0, Momentum::DEFAULT), Setting::TrustCoefficient);
        refused(Adafactor { decay_power: wrong, ..Adafactor::DEFAULT }, Setting::Power);
        refused(Adafactor { epsilon1: wrong, ..Adafactor::DEFAULT }, Setting::Epsilon);
        refused(Adafactor { epsilon2: wrong, ..Adafactor::DEFAULT }, Setting::Epsilon);
        refused(Adafactor { clip: wrong, ..Adafactor::DEFAULT }, Setting::ClipBound);
        refused(Shampoo { epsilon: wrong, every: 1 }, Setting::Epsilon);
        refused(NaturalGradient { beta2: 0.9, epsilon: wrong }, Setting::Epsilon);
    }
    for wrong in [-0.1, 1.0, f32::NAN] {
        refused(NaturalGradient { beta2: wrong, epsilon: 1.0 }, Setting::Beta2);
    }
    for wrong in [-0.1, f32::NAN, f32::INFINITY] {
        refused(Lamb::new(wrong), Setting::WeightDecay);
        refused(Lars::new(1.0, wrong, Momentum::DEFAULT), Setting::WeightDecay);
    }
    // Their squares are zero and infinite.
    for wrong in [1e-30, 1e30] {
        refused(Adafactor { epsilon1: wrong, ..Adafactor::DEFAULT }, Setting::Epsilon);
    }
    refused(Shampoo { every: 0, ..Shampoo::DEFAULT }, Setting::Steps);
}
