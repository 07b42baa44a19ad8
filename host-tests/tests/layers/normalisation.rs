//! What normalisations leave alone, and inputs near the ends of the range.

use kilograd::Setting;
use kilograd::layer::{LayerNorm, RmsNorm};
use kilograd::prelude::*;
use kilograd_host_tests::numeric::{layer_norm, rms_norm, wide};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const N: usize = 7;

/// Largest error of an output, where outputs are up to √N: ten roundings.
const TOLERANCE: f64 = 10.0 * 2.7 * f32::EPSILON as f64;

fn forward<L: Layer<Input = Vector<N>, Output = Vector<N>>>(layer: &L, x: &Vector<N>) -> Vec<f64> {
    let (mut y, mut tape) = (Vector::ZERO, Zero::ZERO);
    layer.forward(x, &mut y, &mut tape);
    wide(y.as_slice())
}

fn assert_near(got: &[f64], want: &[f64], what: &str) {
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= TOLERANCE, "{what}: {got}, not {want}");
    }
}

/// Seven inputs of this size.
fn inputs(scale: f32) -> Vector<N> {
    Vector::new([0.5, -1.0, 0.25, 0.75, -0.125, 1.0, -0.5].map(|x| x * scale))
}

#[test]
fn all_sizes_of_inputs() {
    // From where ε decides to where squares overflow.
    for exponent in [-38, -20, -10, -3, 0, 3, 10, 18, 20, 30, 37] {
        let x = inputs(10.0_f32.powi(exponent));
        let (layer, rms) = (LayerNorm::default(), RmsNorm::default());
        let at = wide(x.as_slice());
        assert_near(&forward(&layer, &x), &layer_norm(&at, f64::from(layer.epsilon())), "layer norm");
        assert_near(&forward(&rms, &x), &rms_norm(&at, f64::from(rms.epsilon())), "RMS norm");
    }
}

#[test]
fn neither_shift_nor_scale_matters_to_a_layer_norm() {
    let layer = LayerNorm::default();
    let want = forward(&layer, &inputs(64.0));
    assert_near(&forward(&layer, &Vector::from_fn(|i| inputs(64.0).as_array()[i] + 1024.0)), &want, "shifted");
    assert_near(&forward(&layer, &inputs(4096.0)), &want, "scaled");
}

#[test]
fn equal_inputs_are_the_bias() {
    let mut layer = LayerNorm::<N>::default();
    layer.bias = Vector::from_fn(|i| i as f32);
    assert_eq!(forward(&layer, &Vector::from_fn(|_| 0.5)), wide(layer.bias.as_slice()));
    assert_eq!(forward(&RmsNorm::default(), &Vector::ZERO), [0.0; N]);
}

#[test]
fn inputs_that_are_not_finite_come_out_as_such_and_are_refused() {
    type Net = network![7 => LayerNorm => RmsNorm => 2];
    let mut memory = Memory::<Net, Sgd>::ZERO;
    memory.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.1).unwrap();
    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut x = inputs(1.0);
        *x.get_mut(3).unwrap() = odd;
        assert!(forward(&LayerNorm::default(), &x).iter().any(|y| y.is_nan()));
        assert!(forward(&RmsNorm::default(), &x).iter().any(|y| y.is_nan()));
        assert_eq!(trainer.step(&x, &0), Err(Error::InputNotFinite));
    }
    // The sum of seven is beyond f32.
    assert_eq!(trainer.step(&Vector::from_fn(|_| f32::MAX), &0), Err(Error::LossNotFinite));
    assert_eq!(trainer.steps(), 0);
}

#[test]
fn initialised_gains_are_one_and_zeroed_ones_zero() {
    type Net = network![7 => LayerNorm => RmsNorm];
    let mut net = Net::ZERO;
    assert_eq!(forward(&net.first, &inputs(1.0)), [0.0; N]);
    net.initialize(&HeUniform, Bias::Constant(0.25), &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut want = LayerNorm::default();
    want.bias.fill(0.25);
    assert_eq!((&net.first, &net.second), (&want, &RmsNorm::default()));
    assert_eq!(Net::COUNT, 3 * N);
}

#[test]
fn epsilons_out_of_range_are_refused() {
    let (mut layer, mut rms) = (LayerNorm::<N>::default(), RmsNorm::<N>::default());
    assert_eq!((layer.epsilon(), rms.epsilon()), (1e-5, f32::EPSILON));
    for wrong in [0.0, -1e-5, f32::NAN, f32::INFINITY] {
        for result in [layer.set_epsilon(wrong), rms.set_epsilon(wrong)] {
            assert!(matches!(result, Err(Error::Setting(Setting::Epsilon, got)) if got.to_bits() == wrong.to_bits()));
        }
    }
    assert_eq!((&layer, &rms), (&LayerNorm::default(), &RmsNorm::default()));
    assert_eq!((layer.set_epsilon(0.5), rms.set_epsilon(0.5)), (Ok(()), Ok(())));
    assert_eq!((layer.epsilon(), rms.epsilon()), (0.5, 0.5));
}
