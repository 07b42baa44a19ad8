//! Section 8.2.1: the second-order term `½ε²·gᵀHg` of a step outgrows the first-order one, `ε·gᵀg`.

use crate::functions::{descend, rng};
use crate::network::MeanLoss;
use kilograd::prelude::*;
use kilograd::solver::{Curvature, Descent, DescentMemory, Function, Objective, Search};
use kilograd_tasks::iris;

/// `½·(x² + 1000·y²)`: a condition number of 1000.
fn ravine() -> impl Objective<2> {
    let value = |[x, y]: &[f32; 2]| 0.5 * (x * x + 1000.0 * y * y);
    Function { value, gradient: |[x, y]: &[f32; 2]| [*x, 1000.0 * y] }
}

#[test]
fn a_step_against_the_gradient_goes_up_once_the_curvature_outweighs_it() {
    let (mut ravine, start, mut probe) = (ravine(), [1.0, 1.0], Curvature::ZERO);
    let along = probe.along_gradient(&mut ravine, &Vector::new(start), 0.01).unwrap();
    let (squared, curvature) = (along.gradient_squared, along.curvature);
    println!("gTg = {squared:.4e}, gTHg = {curvature:.4e}: a step goes up from a rate of {:.5} on", along.largest_rate());
    // Closed forms: g = (1, 1000), H = diag(1, 1000).
    assert!((squared / 1_000_001.0 - 1.0).abs() < 1e-3 && (curvature / 1_000_000_001.0 - 1.0).abs() < 1e-3);
    assert!(curvature > 500.0 * squared, "gTHg is much larger than gTg");
    for (share, rises) in [(0.98, false), (1.02, true), (1.5, true)] {
        let rate = share * along.largest_rate();
        let (_, after) = descend(&mut ravine, rate, start, 1);
        let predicted = along.value - rate * squared + 0.5 * rate * rate * curvature;
        println!("rate {rate:.5}: {:.2} -> {after:.2}, predicted {predicted:.2}", along.value);
        assert_eq!(after > along.value, rises);
        assert_eq!(0.5 * rate * curvature > squared, rises, "the book's condition");
        assert!((after - predicted).abs() < 3e-3 * along.value);
    }
}

#[test]
fn momentum_and_adaptive_rates_cure_it() {
    let mut ravine = ravine();
    let arrived = |value: f32, _: &Vector<2>| value < 1e-4;
    let plain = crate::functions::steps_until(Sgd, 0.0018, &mut ravine, [1.0, 1.0], 100_000, arrived).unwrap();
    let momentum = Momentum { momentum: 0.94, ..Momentum::DEFAULT };
    let heavy = crate::functions::steps_until(momentum, 0.0035, &mut ravine, [1.0, 1.0], 100_000, arrived).unwrap();
    let adam = crate::functions::steps_until(Adam::DEFAULT, 0.1, &mut ravine, [1.0, 1.0], 100_000, arrived).unwrap();
    println!("steps to 1e-4 in a ravine of condition 1000: SGD {plain}, momentum {heavy}, Adam {adam}");
    assert!(heavy * 5 < plain && adam * 5 < plain);
}

#[test]
fn on_a_network_the_probe_says_which_rate_goes_up() {
    type Net = network![4 => 8 => Tanh => 3];
    let data = iris::load();
    let mut loss = MeanLoss::<Net, CrossEntropy, { Net::COUNT }>::new(CrossEntropy::default(), &data[..60]);
    let (mut point, mut memory) = (loss.start(1), DescentMemory::ZERO);
    let mut probe = Curvature::ZERO;
    let mut search = Descent::new(&mut memory, Sgd, 0.3).unwrap();
    for _ in 0..4 {
        let along = probe.along_gradient(&mut loss, &point, 0.02).unwrap();
        let extremes = probe.extremes(&mut loss, &point, 0.05, 40, &mut rng(1)).unwrap();
        println!(
            "loss {:.4}, gTg {:.3e}, gTHg {:.3e}, largest rate {:.2}, curvatures {:.3} to {:.2}",
            along.value,
            along.gradient_squared,
            along.curvature,
            along.largest_rate(),
            extremes.smallest,
            extremes.largest
        );
        // The curvature along the gradient lies between the extremes.
        let rayleigh = along.curvature / along.gradient_squared;
        assert!(extremes.smallest - 0.02 <= rayleigh && rayleigh <= 1.02 * extremes.largest);
        search.minimize(&mut loss, &mut point, 100).unwrap();
    }
    // What the probe promises holds at rates for which a step is still short: a tenth of the largest predicts the change.
    let along = probe.along_gradient(&mut loss, &point, 0.02).unwrap();
    let rate = 0.1 * along.largest_rate();
    let mut moved = Vector::ZERO;
    loss.gradient(&point, &mut moved).unwrap();
    moved.scale(-rate);
    moved.add(&point);
    let change = loss.value(&moved).unwrap() - along.value;
    let predicted = -rate * along.gradient_squared + 0.5 * rate * rate * along.curvature;
    println!("at a tenth of it the loss changes by {change:.3e}, predicted {predicted:.3e}");
    assert!((change / predicted - 1.0).abs() < 0.1);
}
