//! Section 8.7.6: continuation by a blurred cost, and simulated annealing, where plain descent ends in the next ripple.

use crate::functions::{descend, ripples, rng};
use kilograd::optim::schedule::ExponentialDecay;
use kilograd::solver::{Blurred, Objective, Search, SimulatedAnnealing};
use kilograd::tensor::{Vector, Zero};

const STARTS: [[f32; 2]; 4] = [[4.0, 4.5], [-5.0, 3.0], [2.2, -4.4], [-4.0, -6.0]];

#[test]
fn less_and_less_blur_leads_to_the_lowest_minimum() {
    let mut ripples = ripples();
    for start in STARTS {
        let (_, alone) = descend(&mut ripples, 0.1, start, 500);
        let (mut room, mut point) = ([Vector::ZERO, Vector::ZERO], start);
        let mut blurred = Blurred::new(&mut ripples, &mut room, 1.0, 32, rng(1)).unwrap();
        for deviation in [1.5, 0.8, 0.4, 0.2, 0.0] {
            blurred.set_deviation(deviation).unwrap();
            point = *descend(&mut blurred, 0.1, point, 300).0.as_array();
        }
        let after = ripples.value(&Vector::new(point)).unwrap();
        println!("from {start:?}: descent ends at {alone:.3}, with less and less blur at {after:.1e}");
        assert!(alone > 0.4 && after < 1e-4);
    }
}

#[test]
fn annealing_leaves_ripples_that_trap_a_search_at_temperature_zero() {
    // The mean level over 20 seeds; a ripple's floor lies 0.2 above the lowest, the next one 0.9.
    let level = |initial: f32| {
        let search = |seed| {
            let (mut point, mut ripples) = (Vector::new(STARTS[0]), ripples());
            let temperature = ExponentialDecay { initial, factor: 0.999 };
            let mut search = SimulatedAnnealing::new(0.5, temperature, rng(seed)).unwrap();
            search.minimize(&mut ripples, &mut point, 6_000).unwrap().value
        };
        (0..20).map(search).sum::<f32>() / 20.0
    };
    let (cold, annealed) = (level(0.0), level(2.0));
    println!("mean level of 20 seeds: {annealed:.3} when annealed, {cold:.3} at temperature 0");
    assert!(annealed < 0.4 && annealed < 0.5 * cold);
}
