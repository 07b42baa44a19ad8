//! SPSA against its formula with a stored direction, and against the gradient that it stands for.

use crate::functions::{N, bowl, normal, rng, rosenbrock};
use kilograd::solver::{Function, Objective, Search, Spsa, SpsaGains};
use kilograd::tensor::{Tensor, Vector, Zero};

#[test]
fn the_step_is_the_formula() {
    let gains = SpsaGains { stability: 10, ..SpsaGains::new(0.02, 0.1) };
    let (mut bowl, mut point) = (bowl(), normal::<N>(1));
    let mut search = Spsa::new(gains, rng(1)).unwrap();
    for k in 1..=20_i32 {
        let before = point.clone();
        let outcome = search.step(&mut bowl, &mut point).unwrap();
        let (a, c) = (0.02 / f64::from(10 + k).powf(0.602), 0.1 / f64::from(k).powf(0.101));
        // The signs of the step, turned into the direction, are all that is taken over.
        let mut step = point.clone();
        step.subtract(&before);
        let signs: Vec<f64> = step.as_array().iter().map(|s| f64::from(s.signum())).collect();
        let at = |sign: f64| {
            let value = |i: usize, x: f32| {
                let x = f64::from(x) + sign * c * signs[i];
                0.5 * (0.5 + 1.5 * i as f64 / (N - 1) as f64) * x * x
            };
            before.as_array().iter().enumerate().map(|(i, x)| value(i, *x)).sum::<f64>()
        };
        let distance = -a * (at(1.0) - at(-1.0)) / (2.0 * c);
        assert!(distance > 0.0, "downhill");
        for s in step.as_array() {
            // 10⁻⁴ of the slope: what two values of about 15 in f32 leave of their difference; then the roundings of the point.
            assert!((f64::from(s.abs()) - distance).abs() < a * 2e-4 + 1e-6, "{k}: {s} against {distance}");
        }
        assert_eq!((outcome.iterations, outcome.evaluations), (k as u32, 2 * k as u32));
        assert!((f64::from(outcome.value) - 0.5 * (at(1.0) + at(-1.0))).abs() < 1e-4);
    }
}

#[test]
fn steps_are_the_gradient_on_average() {
    let slope = [3.0, -1.0, 0.5, 0.0];
    let value = move |x: &[f32; 4]| x.iter().zip(slope).map(|(x, s)| s * x).sum();
    let mut plane = Function { value, gradient: move |_: &[f32; 4]| slope };
    let mut mean = Vector::<4>::ZERO;
    let mut gains = SpsaGains::new(1.0, 0.5);
    (gains.step_exponent, gains.probe_exponent) = (0.0, 0.0);
    let mut search = Spsa::new(gains, rng(2)).unwrap();
    const STEPS: usize = 4_000;
    for _ in 0..STEPS {
        let mut point = Vector::ZERO;
        search.step(&mut plane, &mut point).unwrap();
        mean.add_scaled(-1.0 / STEPS as f32, &point);
    }
    println!("mean of {STEPS} estimates: {mean:?}, gradient {slope:?}");
    // An estimate deviates by the norm of the others, about 3.2 at most: five deviations of the mean.
    for (m, s) in mean.as_array().iter().zip(slope) {
        assert!((m - s).abs() < 5.0 * 3.2 / (STEPS as f32).sqrt());
    }
}

#[test]
fn it_minimises() {
    for seed in 1..=5 {
        let (mut bowl, mut point) = (bowl(), normal::<N>(seed));
        let start = bowl.value(&point).unwrap();
        let gains = SpsaGains { stability: 100, ..SpsaGains::new(0.4, 0.05) };
        Spsa::new(gains, rng(seed)).unwrap().minimize(&mut bowl, &mut point, 3_000).unwrap();
        let end = bowl.value(&point).unwrap();
        let (mut rosenbrock, mut valley) = (rosenbrock(), Vector::new([-1.2, 1.0]));
        let gains = SpsaGains { stability: 100, ..SpsaGains::new(0.02, 0.02) };
        Spsa::new(gains, rng(seed)).unwrap().minimize(&mut rosenbrock, &mut valley, 20_000).unwrap();
        let floor = rosenbrock.value(&valley).unwrap();
        println!("seed {seed}: 33 parameters {start:.1} to {end:.1e}; Rosenbrock 24.2 to {floor:.1e}");
        assert!(end < 1e-3 * start && floor < 0.5);
    }
}
