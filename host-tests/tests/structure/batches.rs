//! A network for batches takes the steps that the network for single samples takes, to the same bits.

use kilograd::layer::{Batched, Dense, Layer, LeakyRelu, PerSample};
use kilograd::loss::WeightedCrossEntropy;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::{Batches, fingerprint};
use kilograd::{batch_network, network};
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const RATE: f32 = 0.05;
const STEPS: usize = 6;

/// The network for single samples after some batches of `B`, and its losses.
fn by_samples<R: Rule, const B: usize>(rule: R) -> (digits::Net, Vec<f32>) {
    let mut memory = Box::new(Memory::<digits::Net, R, Accumulated>::ZERO);
    digits::initialize(&mut memory.network, 1);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE).unwrap();
    let (data, mut losses) = (Digits::training(), Vec::new());
    for step in 0..STEPS {
        losses.push(trainer.epoch(&data, step * B..(step + 1) * B, B).unwrap());
    }
    (memory.network, losses)
}

type Wide<const B: usize> = batch_network![B; 64 => 32 => Relu => 10];

fn single<const B: usize>(network: &Wide<B>) -> digits::Net {
    let mut single = digits::Net::ZERO;
    network.write_single(&mut single);
    single
}

fn initialized<const B: usize>(network: &mut Wide<B>) {
    network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
}

fn accumulated<R: Rule, const B: usize>(rule: R) -> (digits::Net, Vec<f32>) {
    let mut memory = Box::new(Memory::<Wide<B>, R, Accumulated>::ZERO);
    initialized(&mut memory.network);
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), rule, RATE).unwrap();
    let data = Digits::training();
    let batches = Batches::<_, B>::in_order(&data);
    let losses = (0..STEPS).map(|step| trainer.epoch(&batches, [step], 1).unwrap()).collect();
    (single(&memory.network), losses)
}

fn fused<R: Elementwise, const B: usize>(rule: R) -> (digits::Net, Vec<f32>) {
    let mut memory = Box::new(Memory::<Wide<B>, R>::ZERO);
    initialized(&mut memory.network);
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), rule, RATE).unwrap();
    let data = Digits::training();
    let batches = Batches::<_, B>::in_order(&data);
    let losses = (0..STEPS).map(|step| trainer.epoch(&batches, [step]).unwrap()).collect();
    (single(&memory.network), losses)
}

fn largest_difference(a: &digits::Net, b: &digits::Net) -> f32 {
    let (mut flat, mut largest) = (Vec::new(), 0.0_f32);
    a.visit(&mut |group| flat.extend_from_slice(group));
    let mut flat = flat.into_iter();
    b.visit(&mut |group| group.iter().zip(&mut flat).for_each(|(b, a)| largest = largest.max((a - b).abs())));
    largest
}

/// A batch of eight: dividing a delta by eight and adding is adding and dividing by eight, to the bit.
fn check_bits<R: Elementwise + Copy>(rule: R) {
    let (reference, losses) = by_samples::<R, 8>(rule);
    for (network, got) in [accumulated::<R, 8>(rule), fused::<R, 8>(rule)] {
        assert_eq!(got, losses);
        assert_eq!(fingerprint(&network), fingerprint(&reference));
    }
}

#[test]
fn a_step_of_eight_samples_has_the_bits_of_a_mini_batch() {
    check_bits(Momentum::DEFAULT);
    check_bits(Momentum::NESTEROV);
    check_bits(Adam::DEFAULT);
    check_bits(AdamW::new(0.01));
}

/// The gradient that is stored has the bits of a mini-batch's; the step that stores none rounds η·δ and adds sample by sample: the
/// bits of one outer product after another.
#[test]
fn a_fused_step_of_sgd_rounds_each_samples_step() {
    let (reference, losses) = by_samples::<Sgd, 8>(Sgd);
    let (network, got) = accumulated::<Sgd, 8>(Sgd);
    assert_eq!((fingerprint(&network), got), (fingerprint(&reference), losses));
    let difference = largest_difference(&fused::<Sgd, 8>(Sgd).0, &reference);
    assert!(difference > 0.0 && difference < 1e-6, "{difference:e}");
}

#[test]
fn a_step_of_six_samples_rounds_each_delta() {
    // 1/6 is not exact: each of a handful of sums rounds at 6e-8 of its terms, which are below one, at a rate of 0.05.
    let (reference, _) = by_samples::<Sgd, 6>(Sgd);
    let (batched, _) = accumulated::<Sgd, 6>(Sgd);
    let difference = largest_difference(&batched, &reference);
    assert!(difference > 0.0 && difference < 1e-7, "{difference:e}");
    // But both ways to take a step with a batch are the same.
    assert_eq!(fingerprint(&fused::<Adam, 6>(Adam::DEFAULT).0), fingerprint(&accumulated::<Adam, 6>(Adam::DEFAULT).0));
}

#[test]
fn clipping_sees_the_mean_gradient() {
    let rule = Then(ClipNorm::new(0.1), Adam::DEFAULT);
    assert_eq!(fingerprint(&accumulated::<_, 8>(rule).0), fingerprint(&by_samples::<_, 8>(rule).0));
}

#[test]
fn layers_go_sample_by_sample_where_they_know_nothing_better() {
    // One layer as a whole, with a tape for every sample, and layer by layer.
    type Single = network![64 => 32 => Relu => 10];
    let mut whole = Box::new(Memory::<Batched<Single, 8>, Adam>::ZERO);
    whole.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut whole, BatchMean(CrossEntropy::default()), Adam::DEFAULT, RATE).unwrap();
    let data = Digits::training();
    trainer.epoch(&Batches::<_, 8>::in_order(&data), 0..STEPS).unwrap();
    assert_eq!(fingerprint(trainer.network()), fingerprint(&fused::<Adam, 8>(Adam::DEFAULT).0));
}

#[test]
fn settings_stay_with_the_layer() {
    let layer = Batched::<_, 2>::new(LeakyRelu::<2>::new(0.5));
    let mut y = Matrix::ZERO;
    layer.forward(&Matrix::new([[-2.0, 1.0], [4.0, -1.0]]), &mut y, &mut [(); 2]);
    assert_eq!(y, Matrix::new([[-1.0, 1.0], [4.0, -0.5]]));
}

#[test]
fn a_sample_that_is_refused_refuses_its_batch() {
    type Net = batch_network![2; 2 => 2 => Sigmoid => 2];
    let mut memory = Memory::<Net, Adam>::ZERO;
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), Adam::DEFAULT, RATE).unwrap();
    let before = fingerprint(trainer.network());
    let good = Matrix::new([[1.0, 2.0], [3.0, 4.0]]);
    for (row, wrong) in [(0, f32::NAN), (1, f32::INFINITY), (1, f32::NEG_INFINITY)] {
        let mut bad = good.clone();
        *bad.get_mut(row, 1).unwrap() = wrong;
        assert_eq!(trainer.step(&bad, &[0, 1]), Err(Error::InputNotFinite));
    }
    assert_eq!(trainer.step(&good, &[0, 2]), Err(Error::LabelOutOfRange { label: 2, classes: 2 }));
    assert_eq!((trainer.steps(), fingerprint(trainer.network())), (0, before));
}

#[test]
fn a_gradient_beyond_the_limit_in_any_row_is_refused() {
    let layer = Batched::<Dense<1, 1>, 3>::ZERO;
    let (y, mut d) = (Matrix::ZERO, Matrix::new([[1.0], [1.0], [10.0]]));
    for (x, refused) in [([[1e17], [1.0], [1.0]], false), ([[1.0], [1.0], [2e17]], true), ([[1.0], [f32::NAN], [1.0]], true)] {
        let result = layer.backward(&Matrix::new(x), &y, &mut [(); 3], &mut d, None);
        assert_eq!(result, if refused { Err(Error::GradientTooLarge) } else { Ok(()) });
    }
}

#[test]
fn classes_weigh_in_a_batch_as_they_do_in_a_mini_batch() {
    let weights = Vector::from_fn(|class| 0.25 * (1 + class % 3) as f32);
    let loss = || WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights: weights.clone() };
    let data = Digits::training();

    let mut samples = Box::new(Memory::<digits::Net, Sgd, Accumulated>::ZERO);
    digits::initialize(&mut samples.network, 1);
    let mut trainer = Trainer::new(&mut samples, loss(), Sgd, RATE).unwrap();
    let by_samples = trainer.epoch(&data, 0..64, 8).unwrap();

    let mut batches = Box::new(Memory::<Wide<8>, Sgd, Accumulated>::ZERO);
    initialized(&mut batches.network);
    let mut trainer = Trainer::new(&mut batches, BatchMean(loss()), Sgd, RATE).unwrap();
    let by_batches = trainer.epoch(&Batches::<_, 8>::in_order(&data), 0..8, 1).unwrap();

    assert!((by_samples - by_batches).abs() < 1e-6 * by_samples, "{by_samples}, {by_batches}");
    assert!(largest_difference(&samples.network, &single(&batches.network)) < 1e-6);
}

#[test]
fn an_epoch_of_batches_shows_every_sample_once() {
    let data: Vec<(Vector<1>, usize)> = (0..23).map(|i| (Vector::new([i as f32]), i)).collect();
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let mut left_out = Vec::new();
    for _ in 0..50 {
        let batches = Batches::<_, 4>::shuffled(&data[..], rng);
        assert_eq!((batches.len(), batches.is_empty()), (5, false));
        let (mut seen, mut input) = (vec![false; 23], Matrix::ZERO);
        for index in 0..5 {
            for (row, target) in batches.load(index, &mut input).unwrap().into_iter().enumerate() {
                assert_eq!(input.get(row, 0), Some(target as f32));
                assert!(!std::mem::replace(&mut seen[target], true));
            }
        }
        assert_eq!(seen.iter().filter(|seen| **seen).count(), 20);
        left_out.extend((0..23).filter(|sample| !seen[*sample]));
        assert_eq!(batches.load(5, &mut input), Err(Error::SampleOutOfRange { index: 5, samples: 5 }));
    }
    left_out.sort_unstable();
    left_out.dedup();
    assert!(left_out.len() > 20, "others each time: {left_out:?}");
    assert_eq!(Batches::<_, 0>::in_order(&data[..]).len(), 0);
}

#[test]
fn a_batch_takes_the_ram_that_it_must() {
    type Net = batch_network![8; 64 => 32 => Relu => 10];
    // Of what flows between the layers, and of the outputs, a value and a gradient for every sample.
    assert_eq!(Memory::<Net, Adam>::TAPE_BYTES, 8 * 336);
    assert_eq!(Memory::<Net, Adam>::PARAMETER_BYTES, 4 * 2_410);
    assert_eq!(Memory::<Net, Adam>::STATE_BYTES, 8 * 2_410);
    assert_eq!((Memory::<Net, Adam>::GRADIENT_BYTES, Memory::<Net, Adam, Accumulated>::GRADIENT_BYTES), (0, 4 * 2_410));
}
