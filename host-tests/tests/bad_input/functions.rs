//! Functions that return no error, on input that makes no sense: no panic, and nothing that spoils what comes after.

use kilograd::Error;
use kilograd::init::{Bias, Distribution, GlorotUniform, HeNormal, LecunTruncatedNormal, Scheme};
use kilograd::loss::{
    BatchMean, BinaryCrossEntropy, CrossEntropy, DeepSupervision, Hinge, Huber, KlDivergence, Loss, MeanAbsoluteError,
    MeanSquaredError, MultiMargin, SmoothL1, SoftCrossEntropy, SquaredHinge,
};
use kilograd::optim::{Adam, ClipNorm, ClipValue, Elementwise, Momentum, Rule, Sgd, Then, View, WeightDecay};
use kilograd::tensor::{Matrix, Tensor, Vector, Zero};
use kilograd::train::{ConfusionMatrix, Dataset, EarlyStopping, Shuffle, Verdict, fingerprint};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

fn rng() -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(1)
}

#[test]
fn a_confusion_matrix_counts_only_what_exists() {
    let mut confusion = ConfusionMatrix::<3>::new();
    for (label, predicted, wrong) in [(3, 0, 3), (0, 3, 3), (usize::MAX, 1, usize::MAX), (4, 5, 4)] {
        assert_eq!(confusion.record(label, predicted), Err(Error::LabelOutOfRange { label: wrong, classes: 3 }));
    }
    assert_eq!(confusion.record_output(1, &Vector::new([0.0, f32::NAN, 1.0])), Err(Error::LossNotFinite));
    assert_eq!((confusion, confusion.count(3, 0), confusion.accuracy()), (ConfusionMatrix::new(), 0, 0.0));
    assert_eq!(ConfusionMatrix::<0>::new().record_output(0, &Vector::new([])), Err(Error::LossNotFinite));
}

#[test]
fn a_data_set_has_no_sample_past_its_end() {
    let data = [(Vector::new([1.0]), 0_usize)];
    let mut input = Vector::new([7.0]);
    for index in [1, usize::MAX] {
        assert_eq!(data[..].load(index, &mut input), Err(Error::SampleOutOfRange { index, samples: 1 }));
    }
    assert_eq!(input, Vector::new([7.0]));
    assert!(data[..0].is_empty());
}

#[test]
fn early_stopping_takes_nan_for_a_loss_that_is_not_lower() {
    let mut network = Vector::new([1.0]);
    let mut stopping = EarlyStopping::<Vector<1>>::ZERO;
    assert_eq!(stopping.observe(f32::NAN, &Vector::new([f32::NAN]), 0), Verdict::Stop);
    assert_eq!(stopping.observe(f32::INFINITY, &Vector::new([f32::NAN]), 0), Verdict::Stop);
    stopping.restore(&mut network);
    assert_eq!((network, stopping.best_loss()), (Vector::new([1.0]), None));
}

#[test]
fn a_shuffle_of_nothing_is_nothing() {
    assert_eq!(Shuffle::new(0, &mut rng()).count(), 0);
    assert_eq!(Shuffle::new(usize::MAX, &mut rng()).len(), u32::MAX as usize);
}

#[test]
fn schemes_fill_whatever_they_are_given() {
    // Fans that are zero, or do not belong to the slice.
    for (fan_in, fan_out) in [(0, 0), (0, 3), (3, 0), (usize::MAX, 2), (2, usize::MAX)] {
        let mut weights = [0.5; 7];
        GlorotUniform.fill(&mut weights, fan_in, fan_out, &mut rng());
        HeNormal.fill(&mut weights, fan_in, fan_out, &mut rng());
        LecunTruncatedNormal.fill(&mut [], fan_in, fan_out, &mut rng());
        assert!(weights.iter().all(|w| w.is_finite()), "{fan_in} {fan_out}: {weights:?}");
    }
    let mut weights = [0.5; 3];
    Distribution::Uniform { bound: f32::NAN }.fill(&mut weights, 3, 1, &mut rng());
    assert!(weights.iter().all(|w| w.is_nan()));
    Bias::Constant(2.0).fill(&mut []);
}

#[test]
fn losses_over_slices_that_do_not_fit() {
    let mut delta = [9.0; 3];
    assert!(MeanSquaredError.evaluate_slice(&[1.0, 2.0], &[0.0], &mut delta).is_ok());
    assert!(BinaryCrossEntropy::default().evaluate_slice(&[1.0, 2.0], &[0.0, 1.0, 0.5], &mut delta[..1]).is_ok());
    let (y, t) = ([1.0, 2.0], [1.0, 1.0, 1.0]);
    assert!(MeanAbsoluteError.evaluate_slice(&y, &t[..1], &mut delta[..1]).is_ok());
    assert!(Huber::default().evaluate_slice(&y, &t, &mut delta[..1]).is_ok());
    assert!(SmoothL1::default().evaluate_slice(&y, &t, &mut delta[..1]).is_ok());
    assert!(Hinge.evaluate_slice(&y, &t, &mut delta[..1]).is_ok());
    assert!(SquaredHinge.evaluate_slice(&y[..1], &t, &mut delta).is_ok());
    assert!(SoftCrossEntropy.evaluate_slice(&y, &t, &mut delta[..1]).is_ok());
    assert!(KlDivergence.evaluate_slice(&y, &t[..1], &mut delta).is_ok());
    assert_eq!(delta[1..], [9.0; 2]);
    // A row that is not there has no mean.
    let (batch, targets) = (BatchMean(MeanSquaredError), [Vector::ZERO, Vector::ZERO]);
    assert!(Loss::<Matrix<2, 2>>::evaluate_row(&batch, &[1.0; 3], &targets, &mut [0.0; 2]).is_ok_and(f32::is_nan));
    assert!(Loss::<Matrix<2, 2>>::evaluate_row(&batch, &[], &targets, &mut [0.0; 9]).is_ok_and(f32::is_nan));
    let both = DeepSupervision { main: CrossEntropy::default(), head: CrossEntropy::default(), head_weight: 0.5 };
    for length in 0..4 {
        assert!(Loss::<Matrix<2, 2>>::evaluate_row(&both, &y[..0], &1, &mut [0.0; 4][..length]).is_err());
    }
    assert!(MultiMargin::default().evaluate_slice(&y, 1, &mut []).is_err());
    assert!(MultiMargin::default().evaluate_slice(&[], 0, &mut []).is_err());
    let refused = CrossEntropy::default().evaluate_slice(&[], 0, &mut []);
    assert_eq!(refused, Err(Error::LabelOutOfRange { label: 0, classes: 0 }));
    assert!(CrossEntropy { label_smoothing: 0.1 }.evaluate_slice(&[1.0, 2.0], 1, &mut []).is_err());
}

/// Hands a rule slices of lengths that have nothing to do with each other.
fn mismatched<R: Elementwise>(rule: R) {
    let plan = rule.plan::<()>(1, 0.1, None);
    for lengths in [[0, 5, 3], [5, 0, 3], [5, 3, 0], [3, 5, 40], [40, 3, 5]] {
        let ([mut weights, mut gradient], mut state) = ([[1.0; 40]; 2], R::State::<Vector<40>>::ZERO);
        let [w, g, s] = lengths;
        rule.transform(&plan, &weights[..w], &mut gradient[..g], R::view(&mut state).take(s));
        rule.descend(&plan, 0.1, &mut weights[..w], &mut gradient[..g], R::view(&mut state).take(s));
        rule.descend_outer(
            &plan,
            0.1,
            &[1.0; 3][..w.min(3)],
            &[1.0; 20][..g.min(20)],
            &mut weights[..w],
            R::view(&mut state).take(s),
        );
        assert!(weights[w..].iter().chain(&gradient[g..]).all(|x| *x == 1.0));
    }
}

#[test]
fn rules_over_slices_that_do_not_fit() {
    mismatched(Sgd);
    mismatched(Momentum::DEFAULT);
    mismatched(Adam::DEFAULT);
    mismatched(ClipValue { bound: 1.0 });
    mismatched(WeightDecay { weight_decay: 0.1 });
    mismatched(Then(WeightDecay { weight_decay: 0.1 }, Adam::DEFAULT));
    mismatched(Then(Momentum::DEFAULT, ClipValue { bound: 1.0 }));
}

#[test]
fn clipping_a_gradient_that_is_not_finite() {
    // NaN stays for whoever checks; an infinite norm makes every finite element zero.
    let rule = ClipNorm::new(1.0);
    for (odd, factor) in [(f32::NAN, 1.0), (f32::INFINITY, 0.0)] {
        assert_eq!(rule.plan(1, 0.1, Some(&Vector::new([odd, 1.0]))), factor);
    }
    let mut gradient = [f32::NAN, f32::INFINITY, -3.0];
    ClipValue { bound: 2.0 }.transform(&(), &[], &mut gradient, ());
    assert!(gradient[0].is_nan());
    assert_eq!(gradient[1..], [2.0, -2.0]);
}

#[test]
fn a_fingerprint_sees_every_bit() {
    let of = |x: f32| fingerprint(&Vector::new([x]));
    assert_ne!(of(f32::NAN), of(-f32::NAN));
    assert_ne!(of(f32::INFINITY), of(f32::MAX));
    assert_eq!(fingerprint(&()), fingerprint(&Vector::<0>::ZERO));
    let square = Matrix::new([[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(fingerprint(&square), fingerprint(&Vector::<4>::from_fn(|i| square.as_slice()[i])));
}
