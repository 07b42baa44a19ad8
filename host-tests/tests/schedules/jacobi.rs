//! Preconditioning by the curvature's diagonal.

use kilograd::prelude::*;
use kilograd::solver::{Function, Jacobi, Objective};
use kilograd::{Error, Setting};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const N: usize = 40;

/// ½·xᵀHx with curvatures from 1 to 10⁴ and, beside the diagonal, `coupling` times the roots of both.
fn valley(coupling: f32) -> impl Objective<N> {
    let product = move |x: &[f32; N]| -> [f32; N] {
        let all: f32 = (0..N).map(|i| curvature(i).sqrt() * x[i]).sum();
        core::array::from_fn(|i| (1.0 - coupling) * curvature(i) * x[i] + coupling * curvature(i).sqrt() * all)
    };
    let value = move |x: &[f32; N]| product(x).iter().zip(x).map(|(h, x)| 0.5 * h * x).sum();
    Function { value, gradient: product }
}

fn curvature(i: usize) -> f32 {
    10.0_f32.powf(4.0 * i as f32 / (N - 1) as f32)
}

/// How far the estimate is off in shares of each curvature, at most.
fn error(coupling: f32, probes: u16, seed: u64) -> f32 {
    let mut jacobi = Jacobi::ZERO;
    let point = Vector::from_fn(|i| if i % 2 == 0 { 0.1 } else { -0.1 });
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(seed);
    jacobi.estimate(&mut valley(coupling), &point, probes, 0.01, rng).unwrap();
    let off = |(i, d): (usize, &f32)| (d / curvature(i) - 1.0).abs();
    jacobi.diagonal().as_slice().iter().enumerate().map(off).fold(0.0, f32::max)
}

#[test]
fn one_probe_is_exact_without_coupling() {
    assert!(error(0.0, 1, 1) < 1e-3, "{}", error(0.0, 1, 1));
}

#[test]
fn probes_close_in_on_the_diagonal() {
    // Sixteen times as many: a quarter of the error, within what one draw scatters.
    let mean = |probes| (0..5).map(|seed| error(0.001, probes, seed)).sum::<f32>() / 5.0;
    let (few, many) = (mean(4), mean(64));
    assert!((2.0..8.0).contains(&(few / many)), "{few}, then {many}");
}

/// The value after 100 steps of gradient descent.
fn descend(rate: f32, jacobi: Option<&Jacobi<N>>) -> f32 {
    let (mut objective, mut x, mut g) = (valley(0.01), Vector::from_fn(|_| 1.0), Vector::ZERO);
    for _ in 0..100 {
        objective.gradient(&x, &mut g).unwrap();
        if let Some(jacobi) = jacobi {
            jacobi.precondition(1e-6, &mut g).unwrap();
        }
        x.add_scaled(-rate, &g);
    }
    objective.value(&x).unwrap()
}

#[test]
fn a_narrow_valley_becomes_round() {
    let mut jacobi = Jacobi::ZERO;
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(3);
    jacobi.estimate(&mut valley(0.01), &Vector::from_fn(|_| 0.1), 64, 0.01, rng).unwrap();
    // Without it, a rate that the steepest direction allows hardly moves the flattest one.
    let (plain, preconditioned) = (descend(1e-4, None), descend(0.5, Some(&jacobi)));
    assert!(plain > 10.0 && preconditioned < 1e-3, "{plain}, {preconditioned}");
}

#[test]
fn what_cannot_be_estimated_is_refused() {
    let (mut jacobi, rng, point) = (Jacobi::ZERO, &mut Xoshiro128PlusPlus::seed_from_u64(3), Vector::from_fn(|_| 0.1));
    let about = |result: Result<(), Error>, setting| assert!(matches!(result, Err(Error::Setting(what, _)) if what == setting));
    about(jacobi.estimate(&mut valley(0.0), &point, 0, 0.01, rng), Setting::Steps);
    for wrong in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        about(jacobi.estimate(&mut valley(0.0), &point, 1, wrong, rng), Setting::Epsilon);
        about(jacobi.precondition(wrong, &mut Vector::from_fn(|_| 0.1)), Setting::Epsilon);
    }
    let far = Vector::from_fn(|_| f32::MAX);
    assert_eq!(jacobi.estimate(&mut valley(0.0), &far, 1, 0.01, rng), Err(Error::GradientTooLarge));
}
