//! Every loss's value and its gradient with respect to the outputs, against f64.

use crate::check::draw;
use kilograd::Error;
use kilograd::loss::{
    BinaryCrossEntropy, CrossEntropy, Hinge, Huber, KlDivergence, Loss, MeanAbsoluteError, MeanSquaredError, MultiMargin,
    SmoothL1, SoftCrossEntropy, SquaredHinge, WeightedCrossEntropy,
};
use kilograd::tensor::{Matrix, Tensor, Vector, Zero};
use kilograd_host_tests::numeric::{self, gradient, wide};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// How many outputs there are.
const N: usize = 7;

/// Largest error of a loss or a derivative, relative to one plus its magnitude: each is a sum of N terms, and a term (an
/// exponential, a logarithm, a quotient) is off by up to 4 ULP.
const TOLERANCE: f64 = 4.0 * N as f64 * f32::EPSILON as f64;

/// The step of differences in f64: near ∛ε, where they are off by about 10⁻¹⁰.
const STEP: f64 = 1e-5;

/// Outputs of several sizes: near zero, and far apart (where a softmax saturates).
fn outputs() -> impl Iterator<Item = Vector<N>> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(2);
    [0.01, 1.0, 1.0, 3.0, 20.0].into_iter().map(move |scale| {
        let mut y = draw::<Vector<N>>(&mut rng);
        y.scale(scale);
        y
    })
}

fn check<L: Loss<Vector<N>>>(loss: &L, target: &L::Target, reference: impl Fn(&[f64]) -> f64) {
    for y in outputs() {
        let mut delta = Vector::ZERO;
        let got = loss.evaluate(&y, target, &mut delta).expect("the target is valid");
        let at = wide(y.as_slice());
        assert_near(got, reference(&at), "loss");
        for (d, want) in delta.as_array().iter().zip(gradient(&reference, &at, STEP)) {
            assert_near(*d, want, "derivative");
        }
    }
}

fn assert_near(got: f32, want: f64, what: &str) {
    let error = (f64::from(got) - want).abs();
    assert!(error <= TOLERANCE * (1.0 + want.abs()), "{what} {got}, not {want}");
}

#[test]
fn cross_entropy() {
    for label_smoothing in [0.0, 0.1, 1.0] {
        for label in 0..N {
            let reference = |y: &[f64]| numeric::cross_entropy(y, label, f64::from(label_smoothing));
            check(&CrossEntropy { label_smoothing }, &label, reference);
        }
    }
}

#[test]
fn weighted_cross_entropy() {
    let class_weights = Vector::from_fn(|class| class as f32 / 2.0);
    for label_smoothing in [0.0, 0.2] {
        let loss = WeightedCrossEntropy { inner: CrossEntropy { label_smoothing }, class_weights: class_weights.clone() };
        for label in 0..N {
            // PyTorch weighs every class's term by the weight of that class, not all of them by the label's.
            let smoothing = f64::from(label_smoothing);
            let share = |class| smoothing / N as f64 + if class == label { 1.0 - smoothing } else { 0.0 };
            let term = |y: &[f64], class| class as f64 / 2.0 * share(class) * numeric::cross_entropy(y, class, 0.0);
            check(&loss, &label, |y| (0..N).map(|class| term(y, class)).sum());
        }
    }
}

#[test]
fn mean_squared_error() {
    let target = Vector::from_fn(|i| i as f32 - 3.0);
    check(&MeanSquaredError, &target, |y| numeric::mean_squared_error(y, &wide(target.as_slice())));
}

#[test]
fn binary_cross_entropy() {
    let target = Vector::new([0.0, 1.0, 0.5, 0.0, 1.0, 1.0, 0.9]);
    for positive_weight in [0.0, 1.0, 3.0] {
        let reference = |y: &[f64]| numeric::binary_cross_entropy(y, &wide(target.as_slice()), f64::from(positive_weight));
        check(&BinaryCrossEntropy { positive_weight }, &target, reference);
    }
}

/// The mean over elements of `term(yᵢ, tᵢ)`.
fn mean_of(target: &Vector<N>, term: impl Fn(f64, f64) -> f64) -> impl Fn(&[f64]) -> f64 {
    let target = wide(target.as_slice());
    move |y| y.iter().zip(&target).map(|(y, t)| term(*y, *t)).sum::<f64>() / N as f64
}

#[test]
fn absolute_errors() {
    let target = Vector::from_fn(|i| i as f32 - 3.0);
    check(&MeanAbsoluteError, &target, mean_of(&target, |y, t| (y - t).abs()));
    for bound in [0.25, 1.0, 6.0] {
        let (huber, smooth) = (Huber { delta: bound }, SmoothL1 { beta: bound });
        let bound = f64::from(bound);
        let error = move |e: f64| if e < bound { e * e / 2.0 } else { bound * (e - bound / 2.0) };
        check(&huber, &target, mean_of(&target, |y, t| error((y - t).abs())));
        check(&smooth, &target, mean_of(&target, |y, t| error((y - t).abs()) / bound));
    }
}

#[test]
fn hinges() {
    let target = Vector::new([1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0]);
    check(&Hinge, &target, mean_of(&target, |y, t| (1.0 - t * y).max(0.0)));
    check(&SquaredHinge, &target, mean_of(&target, |y, t| (1.0 - t * y).max(0.0).powi(2)));
    for margin in [0.5, 1.0] {
        for label in 0..N {
            let lag = |y: &[f64], j: usize| if j == label { 0.0 } else { (f64::from(margin) - y[label] + y[j]).max(0.0) };
            check(&MultiMargin { margin }, &label, |y| (0..N).map(|j| lag(y, j)).sum::<f64>() / N as f64);
        }
    }
}

#[test]
fn distributions() {
    // One that adds up to one, with a zero, and one that does not.
    for target in [[0.0, 0.125, 0.25, 0.125, 0.25, 0.125, 0.125], [0.5, 0.0, 0.0, 0.75, 0.25, 0.0, 1.0]] {
        let t = target.map(f64::from);
        let term = move |y: &[f64], j: usize| t[j] * numeric::cross_entropy(y, j, 0.0);
        let entropy: f64 = t.iter().map(|t| if *t > 0.0 { -t * t.ln() } else { 0.0 }).sum();
        check(&SoftCrossEntropy, &Vector::new(target), |y| (0..N).map(|j| term(y, j)).sum());
        check(&KlDivergence, &Vector::new(target), |y| (0..N).map(|j| term(y, j)).sum::<f64>() - entropy);
    }
}

/// More rows than go through softmax together, and a number that is no multiple of them.
#[test]
fn the_losses_of_a_batch_are_those_of_its_samples() {
    const ROWS: usize = 37;
    let outputs = Matrix::<ROWS, 5>::from_fn(|i, j| ((7 * i + 3 * j) % 11) as f32 - 4.0);
    let labels: [usize; ROWS] = core::array::from_fn(|i| i % 5);
    for loss in [CrossEntropy::default(), CrossEntropy { label_smoothing: 0.25 }] {
        let (mut sum, mut want) = (0.0, Matrix::<ROWS, 5>::ZERO);
        for ((row, label), delta) in outputs.as_slice().chunks(5).zip(&labels).zip(want.as_mut_slice().chunks_mut(5)) {
            sum += loss.evaluate_slice(row, *label, delta).unwrap();
        }
        let mut deltas = Matrix::<ROWS, 5>::ZERO;
        let got = Loss::<Vector<5>>::evaluate_rows(&loss, outputs.as_slice(), &labels, deltas.as_mut_slice());
        assert_eq!((got, &deltas), (Ok(sum), &want));
        let mut wrong = labels;
        (wrong[20], wrong[30]) = (5, 6);
        let got = Loss::<Vector<5>>::evaluate_rows(&loss, outputs.as_slice(), &wrong, deltas.as_mut_slice());
        assert_eq!(got, Err(Error::LabelOutOfRange { label: 5, classes: 5 }));
    }
}
