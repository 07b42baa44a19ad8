//! What the searches take of RAM, from the types: nothing that grows with the parameters where the documentation says so.

use kilograd::optim::schedule::ExponentialDecay;
use kilograd::optim::{Adam, Momentum, Sgd};
use kilograd::solver::{BlockMemory, CoordinateDescent, Curvature, DescentMemory, OnePlusOne, Outcome, SimulatedAnnealing, Spsa};
use rand_xoshiro::Xoshiro128PlusPlus;

const GENERATOR: usize = size_of::<Xoshiro128PlusPlus>();
const OUTCOME: usize = size_of::<Outcome>();

#[test]
fn seeded_searches_are_as_small_for_a_million_parameters_as_for_one() {
    assert_eq!((GENERATOR, OUTCOME), (16, 12));
    // The types do not even know the number of parameters.
    assert_eq!(size_of::<OnePlusOne<Xoshiro128PlusPlus>>(), 4 + GENERATOR + OUTCOME);
    assert_eq!(size_of::<SimulatedAnnealing<ExponentialDecay, Xoshiro128PlusPlus>>(), 4 + 8 + GENERATOR + OUTCOME);
    assert_eq!(size_of::<Spsa<Xoshiro128PlusPlus>>(), 5 * 4 + GENERATOR + OUTCOME);
    assert_eq!(size_of::<CoordinateDescent>(), 12 + OUTCOME);
}

#[test]
fn the_others_are_multiples_of_the_parameters() {
    const P: usize = 2_410;
    assert_eq!(size_of::<DescentMemory<Sgd, P>>(), 4 * P + OUTCOME);
    assert_eq!(size_of::<DescentMemory<Momentum, P>>(), 8 * P + OUTCOME);
    assert_eq!(size_of::<DescentMemory<Adam, P>>(), 12 * P + OUTCOME);
    assert_eq!(size_of::<Curvature<P>>(), 8 * P);
    // On the desktop the start of the block takes 8 bytes, on a microcontroller 4.
    let block = size_of::<BlockMemory<Adam, P, 330>>();
    assert!((4 * P + 8 * 330 + 4 + OUTCOME..=4 * P + 8 * 330 + 4 + OUTCOME + 12).contains(&block), "{block}");
}
