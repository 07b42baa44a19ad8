//! Gradient descent on an objective, by any update rule.

use super::{Objective, Outcome, Search};
use crate::error::Error;
use crate::layer::GRADIENT_LIMIT;
use crate::optim::schedule::{Schedule, require_rate};
use crate::optim::{Rule, Step};
use crate::tensor::{Tensor, Vector, Zero};
use core::fmt;

/// Gradient descent with any [`Rule`] and [`Schedule`]. *Memory:* 4 bytes a parameter for the gradient, and the rule's state;
/// one gradient an iteration. The outcome's value is that of the point before the last step.
///
/// ```
/// use kilograd::optim::Momentum;
/// use kilograd::solver::{Descent, DescentMemory, Function, Search};
/// use kilograd::tensor::{Tensor, Vector, Zero};
///
/// let value = |[x, y]: &[f32; 2]| x * x + 10.0 * y * y;
/// let mut bowl = Function { value, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 20.0 * y] };
/// let (mut point, mut memory) = (Vector::new([3.0, -1.0]), DescentMemory::ZERO);
/// Descent::new(&mut memory, Momentum::DEFAULT, 0.02)?.minimize(&mut bowl, &mut point, 200)?;
/// assert!(point.norm() < 1e-3);
/// assert_eq!(size_of::<DescentMemory<Momentum, 100>>(), 2 * 400 + 12);
/// # Ok::<(), kilograd::Error>(())
/// ```
pub struct Descent<'m, R: Rule, S, const N: usize> {
    memory: &'m mut DescentMemory<R, N>,
    rule: R,
    schedule: S,
}

/// What a [`Descent`] remembers: the gradient, the rule's state and the outcome. All zero at the start, but for the value.
pub struct DescentMemory<R: Rule, const N: usize> {
    gradient: Vector<N>,
    state: R::State<Vector<N>>,
    outcome: Outcome,
}

impl<R: Rule, const N: usize> Zero for DescentMemory<R, N> {
    const ZERO: Self = Self {
        gradient: Vector::ZERO,
        state: <R::State<Vector<N>>>::ZERO,
        outcome: Outcome { iterations: 0, evaluations: 0, value: 0.0 },
    };
}

impl<R: Rule, const N: usize> DescentMemory<R, N> {
    /// The gradient of the last step, as the rule has left it.
    pub fn direction(&self) -> &Vector<N> {
        &self.gradient
    }
}

impl<'m, R: Rule, S: Schedule, const N: usize> Descent<'m, R, S, N> {
    /// Goes on with whatever is in `memory`.
    ///
    /// # Errors
    /// [`Error::Setting`] or [`Error::LearningRate`] for a setting outside its range.
    pub fn new(memory: &'m mut DescentMemory<R, N>, rule: R, schedule: S) -> Result<Self, Error> {
        rule.check()?;
        schedule.check()?;
        Ok(Self { memory, rule, schedule })
    }
}

impl<R: Rule, S: Schedule, const N: usize> Search<N> for Descent<'_, R, S, N> {
    /// # Errors
    /// Also [`Error::GradientTooLarge`] if an element of the gradient exceeds [`GRADIENT_LIMIT`] or is NaN.
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        let DescentMemory { gradient, state, outcome } = &mut *self.memory;
        let rate = self.schedule.learning_rate(outcome.iterations);
        require_rate(rate)?;
        let value = objective.gradient(point, gradient)?;
        require_gradient(gradient)?;
        outcome.count(1);
        outcome.value = value;
        Step::new(&self.rule, outcome.iterations, rate, Some(&*gradient)).descend(point, gradient, state);
        Ok(*outcome)
    }
}

/// Requires that rules can calculate with the gradient.
pub(super) fn require_gradient<const N: usize>(gradient: &Vector<N>) -> Result<(), Error> {
    if gradient.norm_max() <= GRADIENT_LIMIT { Ok(()) } else { Err(Error::GradientTooLarge) }
}

/// The outcome; the numbers would fill pages.
impl<R: Rule, const N: usize> fmt::Debug for DescentMemory<R, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DescentMemory").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

impl<R: Rule + fmt::Debug, S: fmt::Debug, const N: usize> fmt::Debug for Descent<'_, R, S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, rule, schedule } = self;
        f.debug_struct("Descent").field("memory", memory).field("rule", rule).field("schedule", schedule).finish()
    }
}
