//! Each activation's values and derivatives against f64, over the range where they are neither linear nor constant.

use kilograd::layer::{
    Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, Layer, LeakyRelu, Relu, Sigmoid, Silu, Softplus, Tanh,
};
use kilograd::tensor::{Vector, Zero};
use kilograd_host_tests::numeric::{elu, gelu, gelu_tanh, gradient, hard_sigmoid, relu, sigmoid, silu, softplus};

/// How many values of x are looked at, evenly from −12 to 12; none of them is zero.
const POINTS: usize = 240;

/// Largest error of a value or derivative, relative to one plus its magnitude: 8 ULP. The functions of
/// `kilograd_simd::math` are off by up to 3; a derivative multiplies two such values, GELU's adds three products. Measured: 4.3 ULP.
const TOLERANCE: f64 = 8.0 * f32::EPSILON as f64;

/// The step of differences in f64: near ∛ε, where they are off by about 10⁻¹⁰.
const STEP: f64 = 1e-5;

fn check<L: Layer<Input = Vector<POINTS>, Output = Vector<POINTS>, Tape = ()>>(layer: L, f: impl Fn(f64) -> f64) {
    let x = Vector::from_fn(|i| (i as f32 - 119.5) / 10.0);
    let (mut y, mut dx) = (Vector::ZERO, Vector::ZERO);
    layer.forward(&x, &mut y, &mut ());
    layer.backward(&x, &y, &mut (), &mut Vector::from_fn(|_| 1.0), Some(&mut dx)).expect("nothing is large");
    for ((x, y), dx) in x.as_array().iter().zip(y.as_array()).zip(dx.as_array()) {
        let want = f(f64::from(*x));
        let slope = gradient(|x| f(x[0]), &[f64::from(*x)], STEP)[0];
        let near = |got: f32, want: f64| (f64::from(got) - want).abs() <= TOLERANCE * (1.0 + want.abs());
        assert!(near(*y, want), "at {x}: {y}, not {want}");
        assert!(near(*dx, slope), "derivative at {x}: {dx}, not {slope}");
    }
}

#[test]
fn activations_are_their_formulas() {
    check(Identity, |x| x);
    check(Relu, relu);
    check(LeakyRelu::new(0.25), |x| if x > 0.0 { x } else { 0.25 * x });
    check(Sigmoid, sigmoid);
    check(Tanh, f64::tanh);
    check(Gelu, gelu);
    check(GeluTanh, gelu_tanh);
    check(Elu::default(), |x| elu(x, 1.0));
    check(Elu::new(0.5), |x| elu(x, 0.5));
    check(Silu, silu);
    check(Softplus, softplus);
    check(HardSigmoid, hard_sigmoid);
    check(HardSwish, |x| x * hard_sigmoid(x));
}

#[test]
fn the_approximation_of_gelu_is_as_near_as_it_says() {
    let x = Vector::<POINTS>::from_fn(|i| (i as f32 - 119.5) / 30.0);
    let (mut exact, mut approximate) = (Vector::ZERO, Vector::ZERO);
    Gelu.forward(&x, &mut exact, &mut ());
    GeluTanh.forward(&x, &mut approximate, &mut ());
    let difference = exact.as_array().iter().zip(approximate.as_array()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!((1e-4..5e-4).contains(&difference), "{difference}");
}
