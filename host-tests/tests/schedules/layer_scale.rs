//! Layers scaled by what they say on a mini-batch.

use kilograd::init::{Distribution, Orthogonal};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::{Error, Setting};
use kilograd_tasks::digits::Digits;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Deep = network![64 => 32 => Tanh => 24 => Relu => 24 => Sigmoid => 16 => Gelu => 10];

const SAMPLES: core::ops::Range<usize> = 100..164;

fn memory(scheme: &impl kilograd::init::Scheme, bias: Bias) -> Memory<Deep, Sgd> {
    let mut memory = Memory::<Deep, Sgd>::ZERO;
    memory.network.initialize(scheme, bias, &mut Xoshiro128PlusPlus::seed_from_u64(6));
    memory
}

fn deviations(memory: &mut Memory<Deep, Sgd>) -> Vec<f32> {
    let mut of = |layer| memory.layer_deviation(layer, &Digits::training(), SAMPLES).unwrap();
    (0..).map_while(&mut of).collect()
}

#[test]
fn the_deviation_is_that_of_all_units_and_samples() {
    let mut memory = memory(&GlorotNormal, Bias::Constant(0.3));
    let measured = deviations(&mut memory);
    assert_eq!(measured.len(), 5);
    // The first layer's, in double precision and two passes.
    let (mut said, mut x, mut y) = (Vec::new(), Vector::ZERO, Vector::ZERO);
    for index in SAMPLES {
        Digits::training().load(index, &mut x).unwrap();
        memory.network.first.layer.forward(&x, &mut y, &mut ());
        said.extend(y.as_slice().iter().map(|y| f64::from(*y)));
    }
    let mean = said.iter().sum::<f64>() / said.len() as f64;
    let variance = said.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / said.len() as f64;
    assert!((f64::from(measured[0]) / variance.sqrt() - 1.0).abs() < 1e-5, "{measured:?}");
}

#[test]
fn every_layer_gets_the_deviation_asked_for() {
    for deviation in [1.0, 0.1] {
        for bias in [Bias::Zero, Bias::RECTIFIED] {
            let mut memory = memory(&Distribution::Uniform { bound: 3.0 }, bias);
            memory.scale_layers(deviation, &Digits::training(), SAMPLES).unwrap();
            let got = deviations(&mut memory);
            assert!(got.iter().all(|got| (got / deviation - 1.0).abs() < 0.02), "{got:?}, not {deviation}");
        }
    }
}

#[test]
fn one_layer_is_scaled_and_no_other() {
    let mut memory = memory(&Orthogonal { gain: 1.0 }, Bias::Zero);
    let before = deviations(&mut memory);
    let (rest, second) = (fingerprint(&memory.network.second.second), fingerprint(&memory.network.second.first));
    assert!(memory.scale_layer(1, 2.0));
    assert_eq!(fingerprint(&memory.network.second.second), rest);
    assert_ne!(fingerprint(&memory.network.second.first), second);
    let after = deviations(&mut memory);
    assert!(after[0] == before[0] && (after[1] / before[1] - 2.0).abs() < 1e-5, "{before:?}, {after:?}");
    assert!(!memory.scale_layer(5, 2.0));
}

#[test]
fn layers_that_say_nothing_are_left_alone() {
    let mut memory = memory(&kilograd::init::Constant(0.0), Bias::Constant(1.0));
    let before = fingerprint(&memory.network);
    memory.scale_layers(1.0, &Digits::training(), SAMPLES).unwrap();
    assert_eq!(fingerprint(&memory.network), before);
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let mut memory = memory(&GlorotNormal, Bias::Zero);
    let before = fingerprint(&memory.network);
    for wrong in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let result = memory.scale_layers(wrong, &Digits::training(), SAMPLES);
        assert!(matches!(result, Err(Error::Setting(Setting::Deviation, _))), "{result:?}");
    }
    assert_eq!(memory.scale_layers(1.0, &Digits::training(), 0..0), Err(Error::EmptyBatch));
    let outside = Err(Error::SampleOutOfRange { index: 9_999, samples: 1_440 });
    assert_eq!(memory.scale_layers(1.0, &Digits::training(), [9_999]), outside);
    for wrong in [f32::NAN, f32::INFINITY] {
        let data = [(Vector::from_fn(|i| if i == 3 { wrong } else { 0.5 }), ())];
        assert_eq!(memory.scale_layers(1.0, &data, [0]), Err(Error::InputNotFinite));
    }
    assert_eq!(fingerprint(&memory.network), before);
    let data = [(Vector::from_fn(|_| f32::MAX), ()), (Vector::ZERO, ())];
    assert_eq!(memory.layer_deviation(0, &data, 0..2), Err(Error::LossNotFinite));
}

#[test]
fn a_start_that_learns_nothing_is_cured() {
    // Weights so small that the outputs hardly depend on the sample.
    let mut memory = memory(&Distribution::Uniform { bound: 0.01 }, Bias::Zero);
    let after_an_epoch = |memory: &mut Memory<Deep, Sgd>| {
        let mut trainer = Trainer::new(memory, CrossEntropy::default(), Sgd, 0.02).unwrap();
        trainer.epoch(&Digits::training(), 0..1_440).unwrap();
        trainer.evaluate_all(&Digits::test(), 0..357, |_, _| Ok(())).unwrap()
    };
    let stuck = after_an_epoch(&mut memory);
    memory.restart();
    memory.network.initialize(&Distribution::Uniform { bound: 0.01 }, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(6));
    memory.scale_layers(1.0, &Digits::training(), SAMPLES).unwrap();
    let cured = after_an_epoch(&mut memory);
    assert!(stuck > 2.2 && cured < 1.0, "{stuck}, then {cured}");
}
