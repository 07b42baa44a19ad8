//! Samples and targets that must be refused.

use crate::twins::{LABELLED, MEASURED, memory, refused};
use kilograd::loss::{
    Hinge, Huber, KlDivergence, MeanAbsoluteError, MultiMargin, SmoothL1, SoftCrossEntropy, SquaredHinge, WeightedCrossEntropy,
};
use kilograd::prelude::*;
use kilograd::train::{Progress, SlicedTrainer, fingerprint};
use kilograd::{Error, Setting};

const ODD: [f32; 3] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];

/// Inputs with one odd element in either place.
fn odd_inputs<T: Copy>(target: T) -> Vec<(Vector<2>, T)> {
    ODD.iter().flat_map(|x| [[*x, 0.5], [0.0, *x], [*x, *x]]).map(|x| (Vector::new(x), target)).collect()
}

#[test]
fn an_input_that_is_not_finite() {
    for label in 0..3 {
        refused(&CrossEntropy::default(), &LABELLED, &odd_inputs(label), Error::InputNotFinite);
        refused(&CrossEntropy { label_smoothing: 0.1 }, &LABELLED, &odd_inputs(label), Error::InputNotFinite);
        refused(&MultiMargin::default(), &LABELLED, &odd_inputs(label), Error::InputNotFinite);
    }
    let bad: Vec<_> = odd_inputs(()).into_iter().map(|(input, ())| (input, Vector::ZERO)).collect();
    refused(&MeanSquaredError, &MEASURED, &bad, Error::InputNotFinite);
    refused(&BinaryCrossEntropy::default(), &MEASURED, &bad, Error::InputNotFinite);
    refused(&MeanAbsoluteError, &MEASURED, &bad, Error::InputNotFinite);
    refused(&Huber::default(), &MEASURED, &bad, Error::InputNotFinite);
    refused(&SmoothL1::default(), &MEASURED, &bad, Error::InputNotFinite);
    refused(&SoftCrossEntropy, &MEASURED, &bad, Error::InputNotFinite);
    refused(&KlDivergence, &MEASURED, &bad, Error::InputNotFinite);
    // Of a sign each: the margin of an infinite output is met.
    let signs = |(input, _)| (input, Vector::new([1.0, -1.0, 1.0]));
    let (good, bad) = (MEASURED.map(signs), bad.into_iter().map(signs).collect::<Vec<_>>());
    refused(&Hinge, &good, &bad, Error::InputNotFinite);
    refused(&SquaredHinge, &good, &bad, Error::InputNotFinite);
}

/// Gradients of an absolute error are ±1 however large it is, so each sample passes: their sum does not.
#[test]
fn losses_that_are_finite_one_by_one_and_not_together() {
    type Memories = Memory<network![1 => 1], Sgd, Accumulated>;
    let (input, target) = (Vector::new([0.0]), Vector::new([2e38]));
    let mut memory = Memories::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanAbsoluteError, Sgd, 0.1).unwrap();
    assert_eq!(trainer.step([(&input, &target), (&input, &target)]), Err(Error::LossNotFinite));
    assert!(memory.network == Memories::ZERO.network && memory.steps() == 0);
    let mut trainer = Trainer::new(&mut memory, MeanAbsoluteError, Sgd, 0.1).unwrap();
    assert_eq!(trainer.step([(&input, &target)]), Ok(2e38), "one alone is learned from");

    memory = Memories::ZERO;
    let trainer = Trainer::new(&mut memory, MeanAbsoluteError, Sgd, 0.1).unwrap();
    let mut sliced = SlicedTrainer::new(trainer);
    for _ in 0..2 {
        sliced.begin(&input, target.clone()).unwrap();
        while sliced.advance(1_000).unwrap() == Progress::More {}
    }
    sliced.begin_apply().unwrap();
    assert_eq!(sliced.advance(1_000), Err(Error::LossNotFinite));
    assert!(memory.network == Memories::ZERO.network && memory.steps() == 0);
}

/// Steps of one sample are each taken, with a finite loss; that of the epoch is not an infinity that looks like a number.
#[test]
fn a_mean_loss_that_overflows() {
    let far = [(Vector::new([0.0]), Vector::new([2e38]))];
    let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanAbsoluteError, Sgd, 0.1).unwrap();
    assert_eq!(trainer.epoch(&far[..], [0, 0]), Err(Error::LossNotFinite));
    assert_eq!(trainer.evaluate_all(&far[..], [0, 0], |_, _| Ok(())), Err(Error::LossNotFinite));
    assert_eq!(trainer.evaluate_all(&far[..], [0], |_, _| Ok(())), Ok(2e38));
    assert_eq!(memory.steps(), 2);
    let mut memory = Memory::<network![1 => 1], Sgd, Accumulated>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanAbsoluteError, Sgd, 0.1).unwrap();
    assert_eq!(trainer.epoch(&far[..], [0, 0], 1), Err(Error::LossNotFinite));
    assert_eq!(memory.steps(), 2);
}

#[test]
fn a_label_out_of_range() {
    let weighted = WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights: Vector::new([1.0, 2.0, 3.0]) };
    for label in [3, usize::MAX] {
        let (bad, want) = ([(Vector::new([0.5, 0.5]), label)], Error::LabelOutOfRange { label, classes: 3 });
        refused(&CrossEntropy::default(), &LABELLED, &bad, want);
        refused(&CrossEntropy { label_smoothing: 0.1 }, &LABELLED, &bad, want);
        refused(&weighted, &LABELLED, &bad, want);
        refused(&MultiMargin::default(), &LABELLED, &bad, want);
    }
}

#[test]
fn a_target_that_is_not_finite() {
    let bad = ODD.map(|odd| (Vector::new([0.5, 0.5]), Vector::new([0.0, odd, 1.0])));
    refused(&MeanSquaredError, &MEASURED, &bad, Error::TargetInvalid);
    refused(&BinaryCrossEntropy::default(), &MEASURED, &bad, Error::TargetInvalid);
    refused(&MeanAbsoluteError, &MEASURED, &bad, Error::TargetInvalid);
    refused(&Huber::default(), &MEASURED, &bad, Error::TargetInvalid);
    refused(&SmoothL1::default(), &MEASURED, &bad, Error::TargetInvalid);
    refused(&SoftCrossEntropy, &MEASURED, &bad, Error::TargetInvalid);
    refused(&KlDivergence, &MEASURED, &bad, Error::TargetInvalid);
}

#[test]
fn a_sign_that_is_none() {
    let good = MEASURED.map(|(input, _)| (input, Vector::new([1.0, -1.0, 1.0])));
    for odd in ODD.into_iter().chain([0.0, 0.5, -1.0 - f32::EPSILON]) {
        let bad = [(Vector::new([0.5, 0.5]), Vector::new([1.0, odd, -1.0]))];
        refused(&Hinge, &good, &bad, Error::TargetInvalid);
        refused(&SquaredHinge, &good, &bad, Error::TargetInvalid);
    }
}

#[test]
fn a_probability_out_of_range() {
    let bad = [-0.1, 1.0 + f32::EPSILON, -f32::MIN_POSITIVE].map(|p| (Vector::new([0.5, 0.5]), Vector::new([0.5, 0.5, p])));
    refused(&BinaryCrossEntropy::default(), &MEASURED, &bad, Error::TargetInvalid);
    refused(&SoftCrossEntropy, &MEASURED, &bad, Error::TargetInvalid);
    refused(&KlDivergence, &MEASURED, &bad, Error::TargetInvalid);
}

#[test]
fn a_gradient_that_explodes() {
    // The outputs are finite and far apart. Smoothing keeps the cross-entropy's gradient from being zero where the largest one
    // is the label's: some 0.1, times an input of 10³⁰.
    let smooth = CrossEntropy { label_smoothing: 0.5 };
    for label in 0..3 {
        refused(&smooth, &LABELLED, &[(Vector::new([1e30, 1e30]), label)], Error::GradientTooLarge);
    }
    // Errors of 10¹² and more, times an input of 10¹².
    let bad = [(Vector::new([1e12, 1e12]), Vector::ZERO)];
    refused(&MeanSquaredError, &MEASURED, &bad, Error::GradientTooLarge);
}

#[test]
fn outputs_that_overflow() {
    let bad = |target| [(Vector::new([f32::MAX, f32::MAX]), target)];
    for label in 0..3 {
        refused(&CrossEntropy::default(), &LABELLED, &bad(label), Error::LossNotFinite);
    }
    let bad = [(Vector::new([1e30, 1e30]), Vector::ZERO), (Vector::new([0.5, 0.5]), Vector::new([0.0, 1e30, 0.0]))];
    refused(&MeanSquaredError, &MEASURED, &bad, Error::LossNotFinite);
}

#[test]
fn an_infinite_output_that_the_loss_does_not_see() {
    // The softmax of −∞ is 0, and so is its gradient: the loss of the other label is finite.
    let mut memory = Memory::<network![1 => 2], Sgd>::ZERO;
    memory.network.weights = Matrix::new([[f32::MIN, 0.0]]);
    let before = fingerprint(&memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.1).unwrap();
    assert_eq!(trainer.step(&[2.0].into(), &1), Err(Error::LossNotFinite));
    assert_eq!(trainer.evaluate(&[2.0].into(), &1).err(), Some(Error::LossNotFinite));
    assert_eq!((fingerprint(trainer.network()), trainer.steps()), (before, 0));
}

#[test]
fn samples_that_weigh_nothing() {
    let weighing = |weight, other| {
        let class_weights = Vector::from_fn(|class| if class == 0 { weight } else { other });
        WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights }
    };
    let nothing = Trainer::new(&mut memory::<Adam, Accumulated>(), weighing(0.0, 0.0), Adam::DEFAULT, 0.1).err();
    assert_eq!(nothing, Some(Error::Setting(Setting::ClassWeight, 0.0)));
    // The reciprocal of the weight is infinite.
    let mut memory = memory::<Adam, Accumulated>();
    let before = fingerprint(&memory.network);
    let mut trainer = Trainer::new(&mut memory, weighing(1e-40, 1e-40), Adam::DEFAULT, 0.1).unwrap();
    assert_eq!(trainer.step(LABELLED.iter().map(|(input, label)| (input, label))), Err(Error::EmptyBatch));
    assert_eq!(trainer.epoch(&LABELLED[..], 0..4, 2), Err(Error::EmptyBatch));
    assert_eq!((fingerprint(trainer.network()), trainer.steps()), (before, 0));
}

#[test]
fn an_epoch_passes_over_batches_that_weigh_nothing() {
    // Only the last class counts: of the four batches of one sample, those with other labels take no step.
    let class_weights = Vector::new([0.0, 0.0, 2.0]);
    let loss = WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights };
    let mut memory = memory::<Adam, Accumulated>();
    let mut trainer = Trainer::new(&mut memory, loss, Adam::DEFAULT, 0.1).unwrap();
    let counted = LABELLED.iter().filter(|(_, label)| *label == 2).count();
    assert!(trainer.epoch(&LABELLED[..], 0..4, 1).is_ok());
    assert!(0 < counted && counted < 4 && trainer.steps() as usize == counted);
}

#[test]
fn evaluation_says_the_same() {
    let mut memory = memory::<Sgd, Fused>();
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.1).unwrap();
    assert_eq!(trainer.evaluate(&[f32::NAN, 0.0].into(), &0).err(), Some(Error::InputNotFinite));
    assert_eq!(trainer.evaluate(&[0.0, 0.0].into(), &3).err(), Some(Error::LabelOutOfRange { label: 3, classes: 3 }));
    assert_eq!(trainer.evaluate(&[f32::MAX; 2].into(), &0).err(), Some(Error::LossNotFinite));
    assert_eq!(trainer.evaluate_all(&LABELLED[..], [], |_, _| Ok(())), Err(Error::EmptyBatch));
    let past_the_end = Error::SampleOutOfRange { index: 4, samples: 4 };
    assert_eq!(trainer.evaluate_all(&LABELLED[..], [0, 4], |_, _| Ok(())), Err(past_the_end));
    assert_eq!(trainer.steps(), 0);
}
