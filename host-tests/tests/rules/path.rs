//! Steps of a rule on a function of a few numbers.

use kilograd::optim::Rule;
use kilograd::tensor::{Tensor, Vector, Zero};

/// A rule on its way down.
pub struct Path<R: Rule, const N: usize> {
    rule: R,
    /// Where it is.
    pub weights: Vector<N>,
    /// What it remembers.
    pub state: R::State<Vector<N>>,
    steps: u32,
}

impl<R: Rule, const N: usize> Path<R, N> {
    /// At `start`, with nothing remembered.
    pub fn from(rule: R, start: [f32; N]) -> Self {
        rule.check().unwrap();
        Self { rule, weights: Vector::new(start), state: R::State::<Vector<N>>::ZERO, steps: 0 }
    }

    /// Takes a step with this gradient.
    pub fn step(&mut self, rate: f32, gradient: [f32; N]) {
        self.steps += 1;
        let mut gradient = Vector::new(gradient);
        let plan = self.rule.plan(self.steps, rate, Some(&gradient));
        let (weights, gradient) = (self.weights.as_mut_slice(), gradient.as_mut_slice());
        self.rule.descend(&plan, rate, weights, gradient, R::view(&mut self.state));
    }

    /// Where it is.
    pub fn at(&self) -> [f32; N] {
        *self.weights.as_array()
    }
}
