//! Section 8.2.2: a network's outputs do not say which parameters it has, so minima come in families, all equally good.

use crate::functions::rng;
use kilograd::layer::{Chain, Dense, Relu};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use rand_xoshiro::rand_core::Rng;
use std::collections::HashSet;

type Tail = Chain<Dense<3, 3>, Chain<Relu<3>, Dense<3, 2>>>;
type Net = Chain<Dense<4, 3>, Chain<Relu<3>, Tail>>;

/// Small multiples of 1/8: every sum of products is exact, in any order.
fn exact(source: &mut impl Rng) -> f32 {
    (source.next_u32() % 17) as f32 / 8.0 - 1.0
}

fn draw() -> Net {
    let (mut net, source) = (Net::default(), &mut rng(5));
    net.visit_mut(&mut |group| group.iter_mut().for_each(|w| *w = exact(source)));
    net
}

fn outputs(net: &Net) -> Vec<[u32; 2]> {
    let source = &mut rng(6);
    let sample = |_| {
        let (mut y, mut tape) = (Vector::ZERO, <Net as Layer>::Tape::ZERO);
        net.forward(&Vector::from_fn(|_| exact(source)), &mut y, &mut tape);
        y.as_array().map(f32::to_bits)
    };
    (0..32).map(sample).collect()
}

/// Renames the units between two layers: what enters and what leaves them moves along.
fn permute<const IN: usize, const UNITS: usize, const OUT: usize>(
    before: &mut Dense<IN, UNITS>,
    after: &mut Dense<UNITS, OUT>,
    order: [usize; UNITS],
) {
    let (old_before, old_after) = (before.clone(), after.clone());
    for (to, from) in order.into_iter().enumerate() {
        for i in 0..IN {
            *before.weights.get_mut(i, to).unwrap() = old_before.weights.get(i, from).unwrap();
        }
        *before.bias.get_mut(to).unwrap() = old_before.bias.get(from).unwrap();
        for o in 0..OUT {
            *after.weights.get_mut(to, o).unwrap() = old_after.weights.get(from, o).unwrap();
        }
    }
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn renaming_hidden_units_gives_n_factorial_to_the_m_networks_that_say_the_same() {
    let net = draw();
    let said = outputs(&net);
    let mut networks = HashSet::new();
    for first in ORDERS {
        for second in ORDERS {
            let mut other = net.clone();
            let tail = &mut other.second.second;
            permute(&mut other.first, &mut tail.first, first);
            permute(&mut tail.first, &mut tail.second.second, second);
            assert_eq!(outputs(&other), said, "{first:?}, {second:?}");
            networks.insert(fingerprint(&other));
        }
    }
    println!("m = 2 hidden layers of n = 3 units: {} = 3!^2 networks with equal outputs", networks.len());
    assert_eq!(networks.len(), 6 * 6);
    // Moving only what enters the units is another function.
    let mut broken = net.clone();
    permute(&mut broken.first, &mut Dense::<3, 1>::default(), [1, 2, 0]);
    assert_ne!(outputs(&broken), said);
}

#[test]
fn rescaling_a_relu_unit_changes_nothing_that_can_be_seen() {
    let net = draw();
    let said = outputs(&net);
    // Powers of two, which are exact.
    for (unit, scale) in [(0, 2.0), (1, 0.25), (2, 1024.0)] {
        let mut other = net.clone();
        for i in 0..4 {
            *other.first.weights.get_mut(i, unit).unwrap() *= scale;
        }
        *other.first.bias.get_mut(unit).unwrap() *= scale;
        for o in 0..3 {
            *other.second.second.first.weights.get_mut(unit, o).unwrap() /= scale;
        }
        assert_eq!(outputs(&other), said);
        assert_ne!(fingerprint(&other), fingerprint(&net));
    }
    // The weights' norm, and with it what weight decay does, is not the same: that is what picks one of the family.
}
