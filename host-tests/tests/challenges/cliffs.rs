//! Section 8.2.4: products of many weights make cliffs (figure 8.3), and clipping keeps a step from being thrown off them.

use kilograd::prelude::*;
use kilograd::solver::{Descent, DescentMemory, Function, Objective, Search};

/// `(u·w⁹ − ½)²`: a linear network of ten layers of one unit, nine of which share a weight.
fn product_of_weights() -> impl Objective<2> {
    let value = |[u, w]: &[f32; 2]| (u * w.powi(9) - 0.5).powi(2);
    let gradient = |[u, w]: &[f32; 2]| {
        let error = 2.0 * (u * w.powi(9) - 0.5);
        [error * w.powi(9), error * 9.0 * u * w.powi(8)]
    };
    Function { value, gradient }
}

/// On the face of the cliff.
const START: [f32; 2] = [1.0, 1.6];
const RATE: f32 = 0.01;

/// The farthest that the point gets from where it starts, and what comes of it.
fn train<R: Rule>(rule: R) -> (f32, Result<f32, Error>) {
    let (mut cliff, mut point, mut memory) = (product_of_weights(), Vector::new(START), DescentMemory::ZERO);
    let mut search = Descent::new(&mut memory, rule, RATE).unwrap();
    let mut farthest = 0.0_f32;
    for _ in 0..2_000 {
        if let Err(error) = search.step(&mut cliff, &mut point) {
            return (farthest, Err(error));
        }
        let mut way = point.clone();
        way.subtract(&Vector::new(START));
        farthest = farthest.max(way.norm());
    }
    (farthest, cliff.value(&point))
}

#[test]
fn a_step_from_a_cliff_throws_the_weights_far_away() {
    let mut gradient = Vector::ZERO;
    product_of_weights().gradient(&Vector::new(START), &mut gradient).unwrap();
    let (farthest, end) = train(Sgd);
    println!("gradient at the cliff {:.3e}; without clipping the weights go {farthest:.3e} far, then {end:?}", gradient.norm());
    assert!(gradient.norm() > 1e4);
    assert!(farthest > 100.0);
    // From there the gradient is beyond what can be calculated with: refused, and nothing else changed.
    assert_eq!(end, Err(Error::GradientTooLarge));
}

#[test]
fn clipping_by_norm_and_by_value_climbs_down() {
    let by_norm = train(Then(ClipNorm::new(1.0), Sgd));
    let by_value = train(Then(ClipValue { bound: 1.0 }, Sgd));
    let with_momentum = train(Then(ClipNorm::new(1.0), Momentum { momentum: 0.5, ..Momentum::DEFAULT }));
    for (name, (farthest, end)) in [("norm", by_norm), ("value", by_value), ("norm, then momentum", with_momentum)] {
        println!("clipped by {name}: {farthest:.3} far, loss at the end {end:?}");
        assert!(farthest < 1.5 && end.unwrap() < 1e-4);
    }
}

#[test]
fn a_clipped_step_keeps_its_direction_by_norm_but_not_by_value() {
    let (mut cliff, mut gradient) = (product_of_weights(), Vector::ZERO);
    cliff.gradient(&Vector::new(START), &mut gradient).unwrap();
    let clip = |by_norm: bool| {
        let mut clipped = gradient.clone();
        match by_norm {
            true => {
                let rule = ClipNorm::new(1.0);
                rule.transform(&rule.plan(1, RATE, Some(&gradient)), &START, clipped.as_mut_slice(), ());
            }
            false => ClipValue { bound: 1.0 }.transform(&(), &START, clipped.as_mut_slice(), ()),
        }
        gradient.dot(&clipped) / (gradient.norm() * clipped.norm())
    };
    let (norm, value) = (clip(true), clip(false));
    println!("cosine of the clipped gradient to the gradient: by norm {norm:.4}, by value {value:.4}");
    assert!(norm > 0.9999 && value < 0.95 && value > 0.0, "both still go down");
}
