//! Batch normalisation in training: its running statistics, and what is made of it for inference.

use crate::infer;
use kilograd::batch_network;
use kilograd::layer::{BatchNorm, Chain, Dense, Layer, PerSample};
use kilograd::prelude::*;
use kilograd::train::{Batches, ConfusionMatrix, Mode, fingerprint};
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Net = batch_network![16; 64 => 32 => BatchNorm => Relu => 10];

fn memory<R: Rule, M: Mode>() -> Box<Memory<Net, R, M>> {
    let mut memory = Box::new(Memory::ZERO);
    Net::initialize(&mut memory.network, &HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    memory
}

fn norm(network: &Net) -> &BatchNorm<16, 32> {
    &network.second.first
}

#[test]
fn running_statistics_move_with_a_step_and_with_nothing_else() {
    let data = Digits::training();
    let batches = Batches::<_, 16>::in_order(&data);
    let (mut input, mut memory) = (Matrix::ZERO, memory::<Sgd, Accumulated>());
    let targets = batches.load(0, &mut input).unwrap();
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), Sgd, 0.1).unwrap();
    let before = fingerprint(trainer.network());

    trainer.evaluate(&input, &targets).unwrap();
    trainer.predict(&input);
    let mut wrong = input.clone();
    *wrong.get_mut(3, 5).unwrap() = f32::NAN;
    assert_eq!(trainer.accumulate(&wrong, &targets), Err(Error::InputNotFinite));
    assert_eq!(trainer.accumulate(&input, &[10; 16]), Err(Error::LabelOutOfRange { label: 10, classes: 10 }));
    trainer.accumulate(&input, &targets).unwrap();
    assert_eq!(fingerprint(trainer.network()), before, "accumulating is no step");
    trainer.clear();

    let means = |trainer: &Trainer<'_, Net, _, _, _, _>| norm(trainer.network()).mean.clone();
    trainer.step([(&input, &targets)]).unwrap();
    // The mean of what entered, of which a tenth is the new value.
    let mut first = Matrix::<16, 32>::ZERO;
    memory_network().first.forward(&input, &mut first, &mut [(); 16]);
    for j in 0..32 {
        let mean = (0..16).map(|s| f64::from(first.get(s, j).unwrap())).sum::<f64>() / 16.0;
        let got = f64::from(means(&trainer).get(j).unwrap());
        assert!((got - 0.1 * mean).abs() < 1e-6 * (1.0 + mean.abs()), "unit {j}: {got}, not a tenth of {mean}");
    }
}

fn memory_network() -> Net {
    memory::<Sgd, Fused>().network.clone()
}

#[test]
fn both_ways_to_take_a_step_are_the_same() {
    let data = Digits::training();
    let batches = Batches::<_, 16>::in_order(&data);
    let (mut a, mut b) = (memory::<Adam, Fused>(), memory::<Adam, Accumulated>());
    let loss = BatchMean(CrossEntropy::default());
    Trainer::new(&mut a, loss, Adam::DEFAULT, 0.01).unwrap().epoch(&batches, 0..20).unwrap();
    Trainer::new(&mut b, loss, Adam::DEFAULT, 0.01).unwrap().epoch(&batches, 0..20, 1).unwrap();
    assert_eq!(fingerprint(&a.network), fingerprint(&b.network));
    assert_ne!(norm(&a.network).variance, norm(&memory_network()).variance);
}

#[test]
fn statistics_are_saved_with_the_network_and_no_part_of_a_gradient() {
    assert_eq!(BatchNorm::<16, 32>::COUNT, 64);
    assert_eq!(<BatchNorm<16, 32> as Layer>::Gradient::COUNT, 64);
    let (mut trained, mut copy) = (memory_network(), memory_network());
    trained.second.first.variance.fill(7.0);
    assert_ne!(fingerprint(&trained), fingerprint(&copy));
    copy.copy_from(&trained);
    assert_eq!((fingerprint(&trained), &trained), (fingerprint(&copy), &copy));
    let (mut groups, mut buffers) = (Vec::new(), Vec::new());
    trained.visit(&mut |group| groups.push(group.len()));
    trained.visit_buffers(&mut |group| buffers.push(group.len()));
    assert_eq!((groups, buffers), (vec![64 * 32, 32, 32, 32, 320, 10], vec![32, 32]));

    // A gradient whose statistics are enormous is not clipped for it.
    let data = Digits::training();
    let batches = Batches::<_, 16>::in_order(&data);
    let (mut input, mut memory) = (Matrix::ZERO, memory::<Then<ClipNorm, Sgd>, Accumulated>());
    let targets = batches.load(0, &mut input).unwrap();
    input.scale(1e6);
    let rule = Then(ClipNorm::new(1e12), Sgd);
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), rule, 0.1).unwrap();
    trainer.accumulate(&input, &targets).unwrap();
    assert!(rule.0.norm.of(trainer.gradient()) < 1e3, "what the statistics exceed by far");
}

#[test]
fn what_it_takes_of_memory() {
    type Norm = BatchNorm<16, 32>;
    assert_eq!((size_of::<Norm>(), size_of::<<Norm as Layer>::Tape>()), (16 * 32 + 8, 16 * 32 + 4));
    assert_eq!((size_of::<<Norm as Layer>::State<Adam>>(), size_of::<<Norm as Layer>::Gradient>()), (2 * 8 * 32, 16 * 32));
}

#[test]
fn an_overflowing_variance_is_refused() {
    let mut memory = memory::<Sgd, Fused>();
    let before = fingerprint(&memory.network);
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), Sgd, 0.1).unwrap();
    let input = Matrix::from_fn(|s, i| if s == i { 3e25 } else { 0.0 });
    assert_eq!(trainer.step(&input, &[0; 16]), Err(Error::GradientTooLarge));
    assert_eq!(fingerprint(trainer.network()), before);
}

#[test]
fn settings_out_of_range_are_refused() {
    use kilograd::Setting;
    for momentum in [-0.1, 1.0, f32::NAN, f32::INFINITY] {
        let refused = BatchNorm::<2, 1>::new(momentum, 1e-5).unwrap_err();
        assert!(matches!(refused, Error::Setting(Setting::Momentum, _)));
    }
    for epsilon in [0.0, -1e-5, f32::NAN, f32::INFINITY] {
        let refused = BatchNorm::<2, 1>::new(0.1, epsilon).unwrap_err();
        assert!(matches!(refused, Error::Setting(Setting::Epsilon, _)));
    }
    let norm = BatchNorm::<2, 1>::new(0.25, 1e-3).unwrap();
    assert_eq!((norm.momentum(), norm.epsilon()), (0.25, 1e-3));
    assert_eq!((BatchNorm::<2, 1>::ZERO.momentum(), BatchNorm::<2, 1>::ZERO.epsilon()), (0.1, 1e-5));
}

/// Trains the digits with batch normalisation, then infers with the network for batches, the one for single samples, and a
/// plain one that the normalisation was folded into.
#[test]
fn the_digits_train_and_fold() {
    let (data, test) = (Digits::training(), Digits::test());
    let mut memory = memory::<Adam, Fused>();
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(2);
    let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), Adam::DEFAULT, 0.01).unwrap();
    for _ in 0..8 {
        let batches = Batches::<_, 16>::shuffled(&data, rng);
        trainer.epoch(&batches, 0..batches.len()).unwrap();
    }

    let batches = Batches::<_, 16>::in_order(&test);
    let mut outputs = Vec::new();
    let whole = 0..batches.len();
    let keep = |_: &[usize; 16], rows: &Matrix<16, 10>| {
        outputs.extend_from_slice(rows.as_slice());
        Ok(())
    };
    trainer.evaluate_all(&batches, whole, keep).unwrap();

    let mut single = <Net as PerSample>::Single::ZERO;
    trainer.network().write_single(&mut single);
    let mut plain = digits::Net::ZERO;
    let Chain { first: dense, second: Chain { first: norm, second: Chain { second: last, .. } } } = trainer.network();
    norm.fold(&dense.layer, &mut plain.first.layer);
    plain.second.copy_from(&last.layer);

    let mut confusion = ConfusionMatrix::<10>::new();
    let largest = outputs.iter().fold(0.0_f32, |largest, y| largest.max(y.abs()));
    for (index, want) in outputs.chunks(10).enumerate() {
        let mut input = Vector::ZERO;
        let label = test.load(index, &mut input).unwrap();
        let (a, b) = (infer(&single, &input), infer(&plain, &input));
        confusion.record_output(label, &b).unwrap();
        for ((a, b), want) in a.as_slice().iter().zip(b.as_slice()).zip(want) {
            // Sums of 64 and 32 products in another order of rounding.
            assert!((a - want).abs() < 1e-5 * largest && (b - want).abs() < 1e-5 * largest, "{a}, {b}, {want}");
        }
    }
    // 95.7 to 97.5 % without batch normalisation, in more epochs.
    assert!(confusion.accuracy() > 0.94, "{}", confusion.accuracy());
}

#[test]
fn folding_is_what_both_layers_do() {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(5);
    let (mut dense, mut norm) = (Dense::<3, 2>::ZERO, BatchNorm::<4, 2>::new(0.1, 0.5).unwrap());
    dense.initialize(&HeUniform, Bias::Constant(0.3), rng);
    norm.scale = Vector::new([2.0, -1.0]);
    norm.shift = Vector::new([0.25, 1.0]);
    norm.mean = Vector::new([0.5, -0.5]);
    norm.variance = Vector::new([3.5, 0.5]);
    let mut folded = dense.clone();
    norm.fold_in_place(&mut folded);
    for j in 0..2 {
        let factor = [1.0, -1.0][j]; // γ / √(σ² + ε)
        for i in 0..3 {
            assert_eq!(folded.weights.get(i, j), dense.weights.get(i, j).map(|w| w * factor));
        }
        assert_eq!(folded.bias.get(j), Some((0.3 - [0.5, -0.5][j]) * factor + [0.25, 1.0][j]));
    }
}
