//! Compares a layer's backward pass with differences of its forward pass.

use kilograd::init::Distribution;
use kilograd::layer::Layer;
use kilograd::tensor::{Parameters, Tensor, Zero};
use kilograd_host_tests::numeric::{gradient, wide};
use rand_xoshiro::Xoshiro128PlusPlus;

/// The step of differences of an f32 forward pass: near ∛ε, where their two errors, h²·f‴/6 and ε·|f|/h, are about equal;
/// a power of two, so that x ± h is hardly rounded.
pub const STEP: f64 = 1.0 / 256.0;

/// Largest error of a gradient's element, relative to one plus its magnitude. Both errors of a difference of step [`STEP`]
/// are near 2·10⁻⁵ for derivatives near one; forward passes that add 50 terms or stand three layers deep gain a factor of
/// ten. A factor of 2 that is left out, or a wrong sign, is off by 0.1 or more.
pub const TOLERANCE: f64 = 1e-3;

/// How far a pre-activation must stay from a kink: no parameter or input that moves by [`STEP`] moves it as far, while
/// weights and inputs lie in ±1.5 and no more than two dense layers come before.
pub const KINK: f32 = 10.0 / 256.0;

/// Numbers in ±1.5, away from zero where every activation with a kink has it.
pub fn draw<T: Parameters>(rng: &mut Xoshiro128PlusPlus) -> T {
    let mut drawn = T::ZERO;
    drawn.visit_mut(&mut |group| {
        for x in group {
            *x = Distribution::Uniform { bound: 1.5 }.sample(rng);
            *x += KINK.copysign(*x);
        }
    });
    drawn
}

/// The largest error of the gradient of `Σ dⱼ·outputⱼ` with respect to every input and parameter, relative to one plus
/// the magnitude of the difference.
pub fn largest_error<L: Layer>(layer: &mut L, input: &mut L::Input, d: &L::Output) -> f64 {
    let analytic = backward(layer, input, d);
    let at = point(layer, input);
    let numeric = gradient(|x| objective(layer, input, d, x), &at, STEP);
    assert_eq!((analytic.len(), numeric.len()), (at.len(), at.len()), "a derivative for every input and parameter");
    let error = |(a, n): (&f32, &f64)| (f64::from(*a) - n).abs() / (1.0 + n.abs());
    // `total_cmp` puts NaN above all numbers, where `f64::max` would drop it.
    analytic.iter().zip(&numeric).map(error).max_by(f64::total_cmp).unwrap_or(0.0)
}

/// Inputs, then parameters.
fn point<L: Layer>(layer: &L, input: &L::Input) -> Vec<f64> {
    let mut point = wide(input.as_slice());
    layer.visit(&mut |group| point.extend(wide(group)));
    point
}

/// `Σ dⱼ·outputⱼ` at `point`, which the layer and the input keep.
fn objective<L: Layer>(layer: &mut L, input: &mut L::Input, d: &L::Output, point: &[f64]) -> f64 {
    let mut point = point.iter();
    let mut take = |to: &mut [f32]| to.iter_mut().zip(&mut point).for_each(|(to, x)| *to = *x as f32);
    take(input.as_mut_slice());
    layer.visit_mut(&mut take);
    let (mut output, mut tape) = (L::Output::ZERO, L::Tape::ZERO);
    layer.forward_training(input, &mut output, &mut tape);
    output.as_slice().iter().zip(d.as_slice()).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
}

/// The gradient that the layer says: inputs, then parameters.
fn backward<L: Layer>(layer: &L, input: &L::Input, d: &L::Output) -> Vec<f32> {
    let (mut output, mut tape) = (L::Output::ZERO, L::Tape::ZERO);
    let (mut d_input, mut gradient) = (L::Input::ZERO, L::Gradient::ZERO);
    layer.forward_training(input, &mut output, &mut tape);
    let mut overwritten = L::Output::ZERO;
    overwritten.copy_from(d);
    let d = &mut overwritten;
    layer.backward(input, &output, &mut tape, d, Some(&mut d_input)).expect("the gradient is small");
    layer.accumulate(input, &tape, d, &mut gradient);
    let mut flat = d_input.as_slice().to_vec();
    gradient.visit(&mut |group| flat.extend_from_slice(group));
    flat
}
