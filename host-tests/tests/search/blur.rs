//! The blurred objective.

use crate::functions::{N, bowl, normal, rng};
use kilograd::solver::{Blurred, Function, Objective};
use kilograd::tensor::{Tensor, Vector, Zero};

#[test]
fn of_a_quadratic_the_gradient_is_exact_and_the_value_rises_by_the_blur() {
    let (mut plain, point, mut room) = (bowl(), normal::<N>(1), [Vector::ZERO, Vector::ZERO]);
    let (mut exact, mut gradient) = (Vector::ZERO, Vector::ZERO);
    let value = plain.gradient(&point, &mut exact).unwrap();
    let mut blurred = Blurred::new(plain, &mut room, 0.5, 16, rng(1)).unwrap();
    let above = blurred.gradient(&point, &mut gradient).unwrap() - value;
    gradient.subtract(&exact);
    assert!(gradient.norm_max() < 1e-5, "opposite draws cancel");
    // σ²/2·Σ c = 0.125·33·1.25; 16 draws of 33 numbers put a deviation of about √2/√(16·33) = 6 % on it.
    let expected = 0.125 * 33.0 * 1.25;
    println!("blur adds {above:.2} to the value, {expected:.2} in expectation");
    assert!((above / expected - 1.0).abs() < 4.0 * 0.065);
}

#[test]
fn the_blur_of_a_wave_is_a_lower_wave() {
    // E[cos(x + σξ)] = cos x · exp(−σ²/2).
    let wave = Function { value: |[x]: &[f32; 1]| x.cos(), gradient: |[x]: &[f32; 1]| [-x.sin()] };
    let (mut room, mut gradient) = ([Vector::ZERO, Vector::ZERO], Vector::ZERO);
    let mut blurred = Blurred::new(wave, &mut room, 1.0, 512, rng(1)).unwrap();
    for (deviation, x) in [(0.0, 1.0), (0.5, 1.0), (1.0, 0.3), (2.0, 2.0)] {
        blurred.set_deviation(deviation).unwrap();
        let value = blurred.gradient(&Vector::new([x]), &mut gradient).unwrap();
        assert_eq!(blurred.value(&Vector::new([x])), Ok(value), "the same draws every time");
        let damping = (-0.5 * deviation * deviation).exp();
        // 512 pairs of cosines: a deviation of 1/√(2·512) at most.
        assert!((value - damping * x.cos()).abs() < 4.0 / 32.0, "{deviation}: {value}");
        assert!((gradient.as_array()[0] + damping * x.sin()).abs() < 4.0 / 32.0);
        // The gradient is that of the value, draws and all.
        let h = 1e-2;
        let slope = (blurred.value(&Vector::new([x + h])).unwrap() - blurred.value(&Vector::new([x - h])).unwrap()) / (2.0 * h);
        assert!((slope - gradient.as_array()[0]).abs() < 1e-3);
    }
}
