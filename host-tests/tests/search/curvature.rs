//! Probes of the Hessian against closed forms.

use crate::functions::{N, bowl, normal, rng, rosenbrock};
use kilograd::solver::{Curvature, Function};
use kilograd::tensor::{Vector, Zero};

/// The gradient of Rosenbrock's function and its Hessian, `[[a, b], [b, c]]`.
fn closed_form(x: f64, y: f64) -> ([f64; 2], [f64; 3]) {
    let gradient = [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)];
    (gradient, [2.0 - 400.0 * (y - 3.0 * x * x), -400.0 * x, 200.0])
}

#[test]
fn of_rosenbrock_they_are_those_of_its_hessian() {
    let mut probe = Curvature::ZERO;
    for [x, y] in [[-1.2_f32, 1.0], [0.0, 0.0], [0.5, 2.0], [1.0, 1.0], [2.0, -1.0]] {
        let ([gx, gy], [a, b, c]) = closed_form(f64::from(x), f64::from(y));
        let point = Vector::new([x, y]);
        let along = probe.along_gradient(&mut rosenbrock(), &point, 1e-3).unwrap();
        let curvature = a * gx * gx + 2.0 * b * gx * gy + c * gy * gy;
        let squared = gx * gx + gy * gy;
        assert!((f64::from(along.gradient_squared) - squared).abs() <= 1e-4 * squared);
        // Off by half the distance times a third derivative of at most 2400·|x| + 1200, and by rounding over the distance.
        let slack = (1.5 + 0.05 * squared.sqrt()) * squared;
        assert!((f64::from(along.curvature) - curvature).abs() <= slack, "{x}, {y}: {along:?} against {curvature}");

        let extremes = probe.extremes(&mut rosenbrock(), &point, 1e-3, 60, &mut rng(1)).unwrap();
        let (middle, radius) = (0.5 * (a + c), (0.25 * (a - c) * (a - c) + b * b).sqrt());
        let scale = middle.abs() + radius;
        println!("{x}, {y}: {extremes:?}, exact {:.3} to {:.3}", middle - radius, middle + radius);
        assert!((f64::from(extremes.largest) - (middle + radius)).abs() < 5e-3 * scale);
        assert!((f64::from(extremes.smallest) - (middle - radius)).abs() < 5e-3 * scale);
    }
}

#[test]
fn equal_and_opposite_curvatures_are_told_apart() {
    let gradient = |[x, y, z]: &[f32; 3]| [4.0 * x, -4.0 * y, *z];
    let value = |[x, y, z]: &[f32; 3]| 2.0 * x * x - 2.0 * y * y + 0.5 * z * z;
    let mut probe = Curvature::ZERO;
    for seed in 0..10 {
        let mut saddle = Function { value, gradient };
        let extremes = probe.extremes(&mut saddle, &Vector::new([0.3, -0.2, 0.1]), 0.1, 20, &mut rng(seed)).unwrap();
        assert!((extremes.largest - 4.0).abs() < 1e-2 && (extremes.smallest + 4.0).abs() < 1e-2, "{seed}: {extremes:?}");
    }
}

#[test]
fn of_33_parameters_they_lie_within_the_spectrum_and_reach_its_ends() {
    let mut probe = Curvature::ZERO;
    let extremes = probe.extremes(&mut bowl(), &normal::<N>(1), 0.1, 60, &mut rng(1)).unwrap();
    println!("spectrum 0.5 to 2: {extremes:?}");
    assert!(0.499 < extremes.smallest && extremes.smallest < 0.52);
    assert!(1.96 < extremes.largest && extremes.largest < 2.001);
}

#[test]
fn a_plane_and_a_point_without_slope_have_no_curvature() {
    let mut plane = Function { value: |[x, _]: &[f32; 2]| 2.0 * x, gradient: |_: &[f32; 2]| [2.0, 0.0] };
    let mut probe = Curvature::ZERO;
    let along = probe.along_gradient(&mut plane, &Vector::ZERO, 0.1).unwrap();
    assert_eq!((along.gradient_squared, along.curvature, along.largest_rate()), (4.0, 0.0, f32::INFINITY));
    let extremes = probe.extremes(&mut plane, &Vector::ZERO, 0.1, 5, &mut rng(1)).unwrap();
    assert_eq!((extremes.smallest, extremes.largest), (0.0, 0.0));
}
