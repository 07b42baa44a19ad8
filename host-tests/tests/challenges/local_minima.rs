//! Section 8.2.2: local minima, how to tell them from everything else that stops progress, and restarts.

use crate::functions::{descend, ripples, rng};
use crate::network::MeanLoss;
use kilograd::init::Distribution;
use kilograd::prelude::*;
use kilograd::solver::{Curvature, Descent, DescentMemory, Objective, Search};
use kilograd_tasks::iris;

#[test]
fn restarts_from_seeds_find_what_one_descent_does_not() {
    let mut ripples = ripples();
    let wide = Distribution::Uniform { bound: 4.0 };
    let (mut found, mut probe) = (Vec::new(), Curvature::ZERO);
    for seed in 0..48 {
        let source = &mut rng(seed);
        let start = [wide.sample(source), wide.sample(source)];
        let (end, _) = descend(&mut ripples, 0.1, start, 500);
        let along = probe.along_gradient(&mut ripples, &end, 0.01).unwrap();
        let extremes = probe.extremes(&mut ripples, &end, 0.01, 20, source).unwrap();
        // The book's test: a local minimum has no gradient left, and curves up on all sides.
        assert!(along.gradient_squared < 1e-6 && extremes.smallest > 0.0, "{seed}: {along:?} {extremes:?}");
        found.push(along.value);
    }
    let best = found.iter().copied().fold(f32::INFINITY, f32::min);
    let alone = found.iter().filter(|value| **value < best + 1e-3).count();
    found.sort_by(f32::total_cmp);
    found.dedup_by(|a, b| (*a - *b).abs() < 1e-3);
    println!(
        "48 descents end at {} levels, {alone} of them at the best, {best:.1e}; the worst is {:?}",
        found.len(),
        found.last()
    );
    assert!(best < 1e-5 && found.len() >= 4 && alone < 12);
}

#[test]
fn where_the_gradient_grows_while_learning_is_slow_there_is_no_minimum() {
    type Net = network![4 => 8 => Tanh => 8 => Tanh => 3];
    let data = iris::load();
    let mut loss = MeanLoss::<Net, CrossEntropy, { Net::COUNT }>::new(CrossEntropy::default(), &data);
    // Small weights: the loss hardly falls at first, as if in a minimum.
    let (mut point, mut memory) = (loss.start(1), DescentMemory::ZERO);
    point.scale(0.05);
    let mut search = Descent::new(&mut memory, Sgd, 0.1).unwrap();
    let mut gradient = Vector::ZERO;
    let mut seen = Vec::new();
    for steps in [0, 20, 20, 20, 20, 40, 80, 200, 800] {
        search.minimize(&mut loss, &mut point, steps).unwrap();
        let value = loss.gradient(&point, &mut gradient).unwrap();
        let wrong = loss.errors(&point, |output, label| output.argmax() != Some(*label));
        println!("loss {value:.4}, wrong {:.1} %, norm of the gradient {:.4}", 100.0 * wrong, gradient.norm());
        seen.push((value, gradient.norm()));
    }
    // The book's test: what does not shrink to a point is no critical point. Here the gradient grows while the loss falls.
    let (first, last) = (seen[0], seen[8]);
    let largest = seen.iter().copied().fold((0.0, 0.0), |most, now| if now.1 > most.1 { now } else { most });
    assert!(seen.windows(2).all(|pair| pair[1].0 < pair[0].0));
    assert!(seen[1].0 > 0.9 * first.0, "a plateau");
    assert!(largest.1 > 3.0 * seen[1].1 && largest.0 < seen[1].0, "and yet a way down");
    assert!(last.0 < 0.2 * first.0);
}
