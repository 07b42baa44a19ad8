//! Block coordinate descent, on vectors and on networks.

use crate::functions::{N, bowl, normal};
use kilograd::prelude::*;
use kilograd::solver::{Block, BlockDescent, BlockMemory, Search};
use kilograd_tasks::iris;

type Net = network![4 => 8 => Tanh => 3];
/// The first layer's parameters, and then all.
const FIRST: usize = 4 * 8 + 8;
const ALL: usize = Net::COUNT;

/// The mean loss over iris and its gradient.
fn gradient(net: &Net, gradient: &mut <Net as Layer>::Gradient, data: &[(Vector<4>, usize)]) -> f32 {
    gradient.visit_mut(&mut |group| group.fill(0.0));
    let (mut output, mut delta, mut tape) = (Vector::ZERO, Vector::ZERO, <Net as Layer>::Tape::ZERO);
    let mut loss = 0.0;
    for (input, label) in data {
        net.forward_training(input, &mut output, &mut tape);
        loss += CrossEntropy::default().evaluate(&output, label, &mut delta).unwrap();
        net.backward(input, &output, &mut tape, &mut delta, None).unwrap();
        net.accumulate(input, &tape, &delta, gradient);
    }
    gradient.visit_mut(&mut |group| group.iter_mut().for_each(|g| *g /= data.len() as f32));
    loss / data.len() as f32
}

#[test]
fn layers_in_turn_train_a_network_with_the_state_of_the_larger_layer() {
    let (data, mut net, mut g) = (iris::load(), Net::default(), <Net as Layer>::Gradient::ZERO);
    net.initialize(&GlorotUniform, Bias::Zero, &mut crate::functions::rng(1));
    let mut block = Block::<Adam, FIRST>::ZERO;
    let first = gradient(&net, &mut g, &data);
    for cycle in 0..20 {
        for layer in [0..FIRST, FIRST..ALL] {
            block.clear();
            let before = net.clone();
            for _ in 0..10 {
                gradient(&net, &mut g, &data);
                block.step(&Adam::DEFAULT, 0.05, layer.clone(), &mut net, &mut g).unwrap();
            }
            let (moved, rests) = (before.first != net.first, before.second == net.second);
            assert_eq!((moved, rests), (layer.start == 0, layer.start == 0), "cycle {cycle}: one layer at a time");
        }
    }
    let last = gradient(&net, &mut g, &data);
    let (joint, blocks) = (Memory::<Net, Adam>::STATE_BYTES, size_of::<Block<Adam, FIRST>>());
    println!("Adam's state: {joint} bytes for all layers, {blocks} for one at a time; loss {first:.3} to {last:.3}");
    assert_eq!((joint, blocks), (8 * ALL, 8 * FIRST + 4));
    assert!(last < 0.1);
}

#[test]
fn a_block_that_is_everything_is_the_rule_itself() {
    let data = iris::load();
    let (mut net, mut g) = (Net::default(), <Net as Layer>::Gradient::ZERO);
    net.initialize(&GlorotUniform, Bias::Zero, &mut crate::functions::rng(1));
    let mut memory = Memory::<Net, Momentum, Accumulated>::ZERO;
    memory.network.copy_from(&net);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::NESTEROV, 0.1).unwrap();
    let mut block = Block::<Momentum, ALL>::ZERO;
    for _ in 0..5 {
        trainer.step(data[..1].iter().map(|(x, label)| (x, label))).unwrap();
        gradient(&net, &mut g, &data[..1]);
        block.step(&Momentum::NESTEROV, 0.1, 0..ALL, &mut net, &mut g).unwrap();
    }
    assert_eq!(&net, trainer.network());
}

#[test]
fn a_block_may_begin_and_end_anywhere() {
    let ones = || (Matrix::<2, 3>::from_fn(|_, _| 1.0), (Vector::<3>::from_fn(|_| 1.0), Vector::<2>::from_fn(|_| 1.0)));
    for start in 0..11 {
        for end in start + 1..=11 {
            let (mut weights, mut gradient) = (ones(), ones());
            let mut block = Block::<Sgd, 11>::ZERO;
            block.step(&Sgd, 0.5, start..end, &mut weights, &mut gradient).unwrap();
            let mut flat = Vec::new();
            weights.visit(&mut |group| flat.extend_from_slice(group));
            let expected: Vec<f32> = (0..11).map(|i| if (start..end).contains(&i) { 0.5 } else { 1.0 }).collect();
            assert_eq!(flat, expected, "{start}..{end}");
        }
    }
}

#[test]
fn on_an_objective_blocks_take_turns_and_the_last_may_be_short() {
    let (mut bowl, mut point, mut memory) = (bowl(), normal::<N>(1), BlockMemory::<_, N, 10>::ZERO);
    let mut search = BlockDescent::new(&mut memory, Momentum::DEFAULT, 0.1, 3).unwrap();
    for (iteration, block) in
        [0..10, 0..10, 0..10, 10..20, 10..20, 10..20, 20..30, 20..30, 20..30, 30..33].into_iter().enumerate()
    {
        let before = point.clone();
        search.step(&mut bowl, &mut point).unwrap();
        let moved = |i: &usize| before.get(*i) != point.get(*i);
        assert_eq!((0..N).filter(moved).collect::<Vec<_>>(), block.collect::<Vec<_>>(), "iteration {iteration}");
    }
    let outcome = search.minimize(&mut bowl, &mut point, 2_000).unwrap();
    assert!(outcome.value < 1e-6, "{outcome:?}");
}
