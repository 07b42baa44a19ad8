//! Section 8.2.3: saddle points and flat valleys, and how many steps each update rule takes to leave them.

use crate::functions::{descend, monkey_saddle, rng, rosenbrock, saddle, steps_until};
use kilograd::prelude::*;
use kilograd::solver::{Curvature, Objective, OnePlusOne, Search};

/// Steps to leave `x² − y²`, the monkey saddle, and to get through Rosenbrock's valley.
#[derive(Clone, Copy, Debug)]
struct Escape {
    name: &'static str,
    saddle: u32,
    monkey: u32,
    valley: Option<u32>,
}

/// `rate` for the saddles, `valley_rate` for Rosenbrock's valley.
fn escape<R: Rule + Copy>(name: &'static str, rule: R, rate: f32, valley_rate: f32) -> Escape {
    let low = |value: f32, _: &Vector<2>| value < -1.0;
    // Close to the ridge: where y is small the way down is all but level.
    let saddle = steps_until(rule, rate, &mut saddle(), [1.0, 1e-3], 10_000, low);
    let monkey = steps_until(rule, rate, &mut monkey_saddle(), [0.1, 0.1], 10_000, low);
    let valley = steps_until(rule, valley_rate, &mut rosenbrock(), [-1.2, 1.0], 50_000, |value, _| value < 1e-4);
    let leaves = |steps: Option<u32>| steps.unwrap_or_else(|| panic!("{name} does not leave a saddle"));
    Escape { name, saddle: leaves(saddle), monkey: leaves(monkey), valley }
}

/// A new rule is a line here.
fn all_rules() -> Vec<Escape> {
    vec![
        escape("SGD", Sgd, 0.01, 1e-3),
        escape("momentum 0.9", Momentum::DEFAULT, 0.01, 1e-3),
        escape("Nesterov 0.9", Momentum::NESTEROV, 0.01, 1e-3),
        escape("Adam", Adam::DEFAULT, 0.01, 0.02),
        escape("AdamW", AdamW::new(1e-4), 0.01, 0.02),
        escape("ClipNorm, SGD", Then(ClipNorm::new(1.0), Sgd), 0.01, 1e-3),
        escape("ClipValue, momentum", Then(ClipValue { bound: 1.0 }, Momentum::DEFAULT), 0.01, 1e-3),
    ]
}

#[test]
fn every_rule_leaves_and_momentum_leaves_sooner() {
    let all = all_rules();
    println!("| rule | x² − y² | monkey saddle | Rosenbrock |\n|---|--:|--:|--:|");
    for Escape { name, saddle, monkey, valley } in &all {
        println!("| {name} | {saddle} | {monkey} | {} |", valley.map_or("-".into(), |steps| steps.to_string()));
    }
    let of = |name| *all.iter().find(|escape| escape.name == name).unwrap();
    let (plain, heavy, adam) = (of("SGD"), of("momentum 0.9"), of("Adam"));
    assert!(heavy.saddle * 2 < plain.saddle && heavy.monkey < plain.monkey);
    // Scaled by itself, the small coordinate moves as fast as any.
    assert!(adam.saddle * 2 < plain.saddle);
    assert!(heavy.valley.unwrap() * 3 < plain.valley.unwrap() && adam.valley.unwrap() < plain.valley.unwrap());
    assert!(all.iter().all(|escape| escape.valley.is_some()));
}

#[test]
fn exactly_on_the_ridge_only_curvature_or_chance_shows_the_way() {
    let (mut saddle, start) = (saddle(), [1.0, 0.0]);
    let (stuck, _) = descend(&mut saddle, 0.1, start, 1_000);
    assert!(stuck.norm() < 1e-6, "the gradient leads to the saddle and stays: {stuck:?}");
    // There the gradient is zero, and the Hessian says that this is no minimum.
    let mut probe = Curvature::ZERO;
    let along = probe.along_gradient(&mut saddle, &Vector::ZERO, 0.01).unwrap();
    let extremes = probe.extremes(&mut saddle, &Vector::ZERO, 0.01, 20, &mut rng(1)).unwrap();
    println!("at the saddle: gTg = {}, curvatures {:.3} and {:.3}", along.gradient_squared, extremes.smallest, extremes.largest);
    assert_eq!(along.gradient_squared, 0.0);
    assert!((extremes.smallest + 2.0).abs() < 1e-2 && (extremes.largest - 2.0).abs() < 1e-2);
    // Chance: a nudge no larger than the noise of a gradient, or a search that draws its directions.
    assert!(descend(&mut saddle, 0.1, [1.0, 1e-6], 100).1 < -1.0);
    let mut point = Vector::new(start);
    let mut search = OnePlusOne::new(0.1, rng(1)).unwrap();
    let outcome = search.minimize(&mut saddle, &mut point, 50).unwrap();
    assert!(outcome.value < -1.0, "{outcome:?}");
}

#[test]
fn the_monkey_saddle_has_no_curvature_at_all_and_yet_three_ways_down() {
    let mut probe = Curvature::ZERO;
    let extremes = probe.extremes(&mut monkey_saddle(), &Vector::ZERO, 0.01, 20, &mut rng(1)).unwrap();
    // The third derivative leaves 3 times the distance.
    assert!(extremes.smallest.abs() < 0.1 && extremes.largest.abs() < 0.1, "{extremes:?}");
    for angle in [60.0_f32, 180.0, 300.0] {
        let (x, y) = (angle.to_radians().cos(), angle.to_radians().sin());
        assert!(monkey_saddle().value(&Vector::new([x, y])).unwrap() < -0.99);
        assert!(monkey_saddle().value(&Vector::new([-x, -y])).unwrap() > 0.99);
    }
}
