//! Gradient descent on an objective: the rules of `optim`, step for step.

use crate::functions::{Answers, N, bowl, normal, rosenbrock};
use kilograd::optim::schedule::StepDecay;
use kilograd::prelude::*;
use kilograd::solver::{Descent, DescentMemory, Function, Objective, Search};

#[test]
fn on_a_parabola_it_follows_the_closed_form() {
    // w ← w − η·c·w leaves the share 1 − η·c.
    let mut parabola = Function { value: |[x]: &[f32; 1]| 1.5 * x * x, gradient: |[x]: &[f32; 1]| [3.0 * x] };
    let (mut point, mut memory) = (Vector::new([1.0]), DescentMemory::ZERO);
    let mut search = Descent::new(&mut memory, Sgd, 0.125).unwrap();
    for k in 1..=10 {
        let before = point.as_array()[0];
        let outcome = search.step(&mut parabola, &mut point).unwrap();
        assert_eq!((outcome.iterations, outcome.evaluations, outcome.value), (k, k, 1.5 * before * before));
        assert!((point.as_array()[0] - 0.625_f32.powi(k as i32)).abs() < 1e-6);
    }
}

/// The bits of a loop that calls the rule by hand.
fn same_as_by_hand<R: Rule + Copy>(rule: R)
where
    R::State<Vector<N>>: Zero,
{
    let (mut bowl, start) = (bowl(), normal::<N>(1));
    let schedule = StepDecay { initial: 0.1, factor: 0.5, every: 10 };
    let (mut by_hand, mut state, mut gradient) = (start.clone(), R::State::<Vector<N>>::ZERO, Vector::ZERO);
    for step in 1..=40 {
        let rate = kilograd::optim::schedule::Schedule::learning_rate(&schedule, step - 1);
        bowl.gradient(&by_hand, &mut gradient).unwrap();
        let plan = rule.plan(step, rate, Some(&gradient));
        rule.descend(&plan, rate, by_hand.as_mut_slice(), gradient.as_mut_slice(), R::view(&mut state));
    }
    let (mut point, mut memory) = (start, DescentMemory::ZERO);
    // Interrupted: whoever goes on with the memory goes on with the steps.
    for _ in 0..2 {
        Descent::new(&mut memory, rule, schedule).unwrap().minimize(&mut bowl, &mut point, 20).unwrap();
    }
    assert_eq!(point, by_hand);
}

#[test]
fn it_takes_the_rules_steps() {
    same_as_by_hand(Sgd);
    same_as_by_hand(Momentum::NESTEROV);
    same_as_by_hand(AdamW::new(0.01));
    same_as_by_hand(Then(ClipNorm::new(1.0), Momentum::DEFAULT));
}

#[test]
fn a_gradient_that_is_refused_changes_nothing() {
    for wrong in [f32::NAN, f32::INFINITY, 2e18] {
        let mut bad = Function { value: |_: &[f32; 2]| 1.0, gradient: move |_: &[f32; 2]| [1.0, wrong] };
        let (mut point, mut memory) = (Vector::new([-1.2, 1.0]), DescentMemory::ZERO);
        let mut twin = point.clone();
        let mut search = Descent::new(&mut memory, Adam::DEFAULT, 0.1).unwrap();
        search.step(&mut rosenbrock(), &mut point).unwrap();
        assert_eq!(search.step(&mut bad, &mut point), Err(Error::GradientTooLarge));
        let outcome = search.minimize(&mut rosenbrock(), &mut point, 5).unwrap();
        let mut memory = DescentMemory::ZERO;
        let mut search = Descent::new(&mut memory, Adam::DEFAULT, 0.1).unwrap();
        assert_eq!(search.minimize(&mut rosenbrock(), &mut twin, 6), Ok(outcome));
        assert_eq!(point, twin);
    }
    let failed = Err(Error::SampleUnreadable { index: 1 });
    let mut failing = Answers { value: 0.0, times: 0, after: failed };
    let (mut point, mut memory) = (Vector::new([1.0]), DescentMemory::ZERO);
    let mut search = Descent::new(&mut memory, Sgd, 0.1).unwrap();
    assert_eq!(search.step(&mut failing, &mut point), failed.map(|_| unreachable!()));
    assert_eq!(point, Vector::new([1.0]));
}
