//! Long-term dependencies (*Deep Learning*, section 8.2.5): a gradient that goes back t steps is multiplied t times by the same
//! matrix, so that it follows λᵗ; and what is left of it when it is cut off.

use kilograd::init::Distribution;
use kilograd::layer::Recurrent;
use kilograd::prelude::*;
use kilograd_host_tests::numeric::{gradient, wide};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const UNITS: usize = 3;
const LENGTH: usize = 40;

/// Eigenvectors, in columns; and its inverse.
const V: [[f64; UNITS]; UNITS] = [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]];
const V_INVERSE: [[f64; UNITS]; UNITS] = [[1.0, -1.0, 1.0], [0.0, 1.0, -1.0], [0.0, 0.0, 1.0]];

/// `V · diag(λ)ᵗ · V⁻¹`.
fn power(lambda: [f64; UNITS], t: i32) -> [[f64; UNITS]; UNITS] {
    let element = |i: usize, j: usize| (0..UNITS).map(|k| V[i][k] * lambda[k].powi(t) * V_INVERSE[k][j]).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| element(i, j)))
}

/// `V·diag(λ)·V⁻¹` for recurrent weights, and every unit with an input of its own.
fn layer<const BACK: usize>(lambda: [f64; UNITS]) -> Recurrent<UNITS, UNITS, LENGTH, BACK> {
    let recurrent = power(lambda, 1);
    Recurrent {
        input: Matrix::from_fn(|i, j| if i == j { 1.0 } else { 0.0 }),
        recurrent: Matrix::from_fn(|i, j| recurrent[i][j] as f32),
        bias: Vector::ZERO,
    }
}

/// The gradient with respect to the input of every step, the last step first.
fn backwards<const BACK: usize>(lambda: [f64; UNITS], d: [f32; UNITS]) -> Vec<[f64; UNITS]> {
    let (layer, mut tape) = (layer::<BACK>(lambda), Zero::ZERO);
    // Inputs so small that a tanh is the identity.
    let x = Matrix::from_fn(|_, _| 1e-12);
    let (mut y, mut dx) = (Vector::ZERO, Matrix::ZERO);
    layer.forward_training(&x, &mut y, &mut tape);
    layer.backward(&x, &y, &mut tape, &mut Vector::new(d), Some(&mut dx)).unwrap();
    dx.as_rows().iter().rev().map(|row| row.map(f64::from)).collect()
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[test]
fn a_gradient_follows_the_powers_of_the_eigenvalues() {
    let d = [1.0, -0.5, 0.75];
    for lambda in [[0.8, 0.5, -0.3], [1.0, 0.7, 0.4], [1.25, -0.9, 0.5]] {
        let gradients = backwards::<LENGTH>(lambda, d);
        for (t, got) in gradients.iter().enumerate() {
            let power = power(lambda, t as i32);
            let want = power.map(|row| row.iter().zip(d).map(|(u, d)| u * f64::from(d)).sum::<f64>());
            let error = norm(&std::array::from_fn::<f64, UNITS, _>(|i| got[i] - want[i]));
            // Each step rounds four times, and passes on what it was given.
            assert!(error <= 4.0 * f64::from(f32::EPSILON) * (t + 1) as f64 * norm(&want), "{t}: {got:?}, not {want:?}");
        }
        // From afar only the largest eigenvalue counts.
        for two in gradients.windows(2).skip(25) {
            assert!((norm(&two[1]) / norm(&two[0]) - lambda[0]).abs() < 1e-3);
        }
        let (first, last) = (norm(&gradients[0]), norm(&gradients[LENGTH - 1]));
        let (vanishes, explodes) = (lambda[0] < 1.0, lambda[0] > 1.0);
        assert_eq!((last < 1e-3 * first, last > 1e3 * first), (vanishes, explodes), "{first} {last}");
    }
}

#[test]
fn truncation_cuts_off_what_vanishes_and_bounds_what_explodes() {
    let d = [1.0, -0.5, 0.75];
    for lambda in [[0.8, 0.5, -0.3], [1.25, -0.9, 0.5]] {
        let (all, recent) = (backwards::<LENGTH>(lambda, d), backwards::<10>(lambda, d));
        assert_eq!(all[..10], recent[..10]);
        assert!(recent[10..].iter().all(|dx| *dx == [0.0; UNITS]));
        let total = |gradients: &[[f64; UNITS]]| gradients.iter().map(|dx| norm(dx)).sum::<f64>();
        let lost = total(&all[10..]) / total(&all);
        assert_eq!((lost < 0.15, lost > 0.99), (lambda[0] < 1.0, lambda[0] > 1.0), "{lost}");
    }
}

/// The last state in f64; the first `given` steps have parameters of their own.
fn last_state(given: &[f64], parameters: &[f64], x: &[[f64; 2]], old: usize) -> [f64; UNITS] {
    let step = |p: &[f64], x: &[f64; 2], h: [f64; UNITS]| {
        let (input, rest) = p.split_at(2 * UNITS);
        let (recurrent, bias) = rest.split_at(UNITS * UNITS);
        std::array::from_fn(|j| {
            let from_input: f64 = x.iter().enumerate().map(|(i, x)| x * input[i * UNITS + j]).sum();
            let from_state: f64 = h.iter().enumerate().map(|(i, h)| h * recurrent[i * UNITS + j]).sum();
            (bias[j] + from_input + from_state).tanh()
        })
    };
    x.iter().enumerate().fold([0.0; UNITS], |h, (t, x)| step(if t < old { given } else { parameters }, x, h))
}

/// Checks the truncated gradient of random weights, in which the older steps count as given.
fn check_truncated<const BACK: usize>() {
    const STEPS: usize = 6;
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(9);
    let mut layer = Recurrent::<2, UNITS, STEPS, BACK>::ZERO;
    layer.initialize(&Distribution::Uniform { bound: 1.0 }, Bias::Constant(0.1), rng);
    let x = Matrix::<STEPS, 2>::from_fn(|_, _| Distribution::Uniform { bound: 1.0 }.sample(rng));
    let d = Vector::new([1.0, -0.5, 0.75]);
    let (mut y, mut tape, mut got) = (Vector::ZERO, Zero::ZERO, Recurrent::ZERO);
    layer.forward_training(&x, &mut y, &mut tape);
    layer.backward(&x, &y, &mut tape, &mut d.clone(), None).unwrap();
    layer.accumulate(&x, &tape, &d, &mut got);

    let flat = |layer: &Recurrent<2, UNITS, STEPS, BACK>| {
        let mut flat = Vec::new();
        layer.visit(&mut |group| flat.extend(wide(group)));
        flat
    };
    let (at, inputs) = (flat(&layer), x.as_rows().map(|row| row.map(f64::from)));
    let objective = |parameters: &[f64]| -> f64 {
        let h = last_state(&at, parameters, &inputs, STEPS - BACK);
        h.iter().zip(d.as_array()).map(|(h, d)| h * f64::from(*d)).sum()
    };
    for (got, want) in flat(&got).iter().zip(gradient(objective, &at, 1e-5)) {
        assert!((got - want).abs() < 1e-6 * (1.0 + want.abs()), "{got}, not {want}");
    }
}

#[test]
fn a_truncated_gradient_takes_older_steps_as_given() {
    check_truncated::<1>();
    check_truncated::<2>();
    check_truncated::<5>();
    check_truncated::<6>();
}

#[test]
fn the_tape_of_a_truncated_gradient_does_not_grow_with_the_sequence() {
    type Tape<const LENGTH: usize, const BACK: usize> = <Recurrent<1, 16, LENGTH, BACK> as Layer>::Tape;
    assert_eq!(size_of::<Tape<1000, 10>>(), 8 * 16 * 10);
    assert_eq!(size_of::<Tape<10, 10>>(), 8 * 16 * 10);
    assert_eq!(size_of::<Tape<1000, 1000>>(), 8 * 16 * 1000);
}
