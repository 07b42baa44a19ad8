//! The checker finds what is wrong, and only that.

use crate::check::{TOLERANCE, largest_error};
use crate::parabola::{Mistake, Parabola};
use kilograd::layer::{Chain, Dense, Layer};
use kilograd::tensor::{Matrix, Vector, Zero};

const X: Vector<4> = Vector::new([0.5, -0.7, 1.1, 0.2]);
const D: Vector<4> = Vector::new([1.0, -0.5, 0.8, 0.3]);

fn error_of(mut layer: impl Layer<Input = Vector<4>, Output = Vector<4>>) -> f64 {
    largest_error(&mut layer, &mut X.clone(), &D)
}

fn parabola(mistake: Mistake) -> Parabola {
    Parabola { a: Vector::new([0.8]), mistake }
}

#[test]
fn a_right_gradient_passes() {
    assert!(error_of(parabola(Mistake::None)) < TOLERANCE);
}

#[test]
fn wrong_gradients_are_found() {
    for mistake in [Mistake::FactorTwo, Mistake::Sum, Mistake::Parameter] {
        let error = error_of(parabola(mistake));
        assert!(error > 100.0 * TOLERANCE, "{error:e}");
    }
}

#[test]
fn wrong_gradients_are_found_behind_another_layer() {
    let dense = || Dense { weights: Matrix::from_fn(|i, j| if i == j { 0.9 } else { 0.1 }), bias: Vector::ZERO };
    assert!(error_of(Chain { first: dense(), second: parabola(Mistake::None) }) < TOLERANCE);
    for mistake in [Mistake::FactorTwo, Mistake::Sum] {
        assert!(error_of(Chain { first: dense(), second: parabola(mistake) }) > 100.0 * TOLERANCE);
        assert!(error_of(Chain { first: parabola(mistake), second: dense() }) > 100.0 * TOLERANCE);
    }
}

#[test]
fn a_gradient_of_nan_is_found() {
    let layer = Parabola { a: Vector::new([f32::NAN]), mistake: Mistake::None };
    assert!(error_of(layer).is_nan());
}
