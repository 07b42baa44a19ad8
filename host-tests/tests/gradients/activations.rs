//! Each activation's values and derivatives against f64, over the range where they are neither linear nor constant.

use kilograd::layer::{GeluTanh, Identity, Layer, LeakyRelu, Relu, Sigmoid, Tanh};
use kilograd::tensor::{Vector, Zero};
use kilograd_host_tests::numeric::{gelu_tanh, gradient, relu, sigmoid};

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
    layer.backward(&x, &y, &mut (), &Vector::from_fn(|_| 1.0), Some(&mut dx)).expect("nothing is large");
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
    check(GeluTanh, gelu_tanh);
}
