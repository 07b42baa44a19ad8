//! Block coordinate descent.

use super::descent::require_gradient;
use super::{Objective, Outcome, Search};
use crate::error::{Error, Setting};
use crate::optim::schedule::{Schedule, require_rate};
use crate::optim::{Rule, View};
use crate::tensor::{Parameters, Vector, Zero, count, to_f32};
use core::fmt;
use core::ops::Range;

/// Steps of one block of parameters at a time: any part of a network or vector, counted through its groups. *Memory:* the
/// rule's state for the largest block, `SIZE` parameters, instead of for all.
///
/// A layer is a block, and so is any part of it: in `network![64 => 32 => Relu => 10]` the first layer is `0..2080`, the
/// second `2080..2410`. The rule sees a block as one flat tensor, and in its plan the whole gradient.
///
/// Source: *Deep Learning*, section 8.7.2.
///
/// ```
/// use kilograd::optim::Adam;
/// use kilograd::solver::Block;
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let mut weights = (Matrix::new([[1.0, 2.0]]), Vector::new([3.0, 4.0]));
/// let mut gradient = weights.clone();
/// let mut block = Block::<Adam, 2>::ZERO;
/// block.step(&Adam::DEFAULT, 0.5, 1..3, &mut weights, &mut gradient)?;
/// assert_eq!((weights.0.get(0, 0), weights.1.get(1)), (Some(1.0), Some(4.0)));
/// assert!((weights.1.as_array()[0] - 2.5).abs() < 1e-6);
/// assert_eq!(size_of::<Block<Adam, 2>>(), 2 * 8 + 4);
/// # Ok::<(), kilograd::Error>(())
/// ```
pub struct Block<R: Rule, const SIZE: usize> {
    state: R::State<Vector<SIZE>>,
    steps: u32,
}

impl<R: Rule, const SIZE: usize> Zero for Block<R, SIZE> {
    const ZERO: Self = Self { state: <R::State<Vector<SIZE>>>::ZERO, steps: 0 };
}

impl<R: Rule, const SIZE: usize> Block<R, SIZE> {
    /// Forgets the last block: what comes is another one.
    pub fn clear(&mut self) {
        self.state.visit_mut(&mut |group| group.fill(0.0));
        self.steps = 0;
    }

    /// Takes a step with those of `parameters` that lie in `block`. Their gradient is used up.
    ///
    /// # Errors
    /// [`Setting::BlockSize`] for a block that is empty, longer than `SIZE` or goes past the last parameter;
    /// [`Error::LearningRate`]; and what [`Rule::check`] says.
    pub fn step<P: Parameters, G: Parameters>(
        &mut self,
        rule: &R,
        learning_rate: f32,
        block: Range<usize>,
        parameters: &mut P,
        gradient: &mut G,
    ) -> Result<(), Error> {
        rule.check()?;
        require_rate(learning_rate)?;
        Setting::BlockSize.require(count(block.len()), (1..=SIZE).contains(&block.len()) && block.end <= P::COUNT)?;
        self.steps = self.steps.saturating_add(1);
        let plan = rule.plan(self.steps, learning_rate, Some(&*gradient));
        let mut state = R::view(&mut self.state);
        within(parameters, &block, &mut |part, weights| {
            // A network and its gradient have the same groups, so this meets one group, the same.
            within(gradient, &part, &mut |_, gradient| {
                rule.descend(&plan, learning_rate, weights, gradient, state.take(gradient.len()));
            });
        });
        Ok(())
    }
}

/// Shows what of each group lies within `range`, and where.
fn within<P: Parameters>(groups: &mut P, range: &Range<usize>, see: &mut impl FnMut(Range<usize>, &mut [f32])) {
    let mut start: usize = 0;
    groups.visit_mut(&mut |group| {
        let length = group.len();
        let from = range.start.saturating_sub(start).min(length);
        let to = range.end.saturating_sub(start).min(length);
        if let Some(part) = group.get_mut(from..to).filter(|part| !part.is_empty()) {
            see(start.saturating_add(from)..start.saturating_add(to), part);
        }
        start = start.saturating_add(length);
    });
}

/// Block coordinate descent on an objective: `steps` steps of a rule with each block of `SIZE` variables (the last may be
/// shorter), then the next, in a cycle; an iteration is one step. *Memory:* 4 bytes a parameter for the gradient, and the
/// rule's state for `SIZE` parameters. The outcome's value is that of the point before the last step.
///
/// ```
/// use kilograd::optim::Momentum;
/// use kilograd::solver::{BlockDescent, BlockMemory, Function, Search};
/// use kilograd::tensor::{Tensor, Vector, Zero};
///
/// let value = |x: &[f32; 4]| x.iter().map(|x| x * x).sum();
/// let mut bowl = Function { value, gradient: |x: &[f32; 4]| x.map(|x| 2.0 * x) };
/// let (mut point, mut memory) = (Vector::new([1.0, 2.0, 3.0, 4.0]), BlockMemory::<_, 4, 2>::ZERO);
/// BlockDescent::new(&mut memory, Momentum::DEFAULT, 0.1, 10)?.minimize(&mut bowl, &mut point, 400)?;
/// assert!(point.norm() < 1e-3);
/// # Ok::<(), kilograd::Error>(())
/// ```
pub struct BlockDescent<'m, R: Rule, S, const N: usize, const SIZE: usize> {
    memory: &'m mut BlockMemory<R, N, SIZE>,
    rule: R,
    schedule: S,
    steps: u32,
}

/// What a [`BlockDescent`] remembers.
pub struct BlockMemory<R: Rule, const N: usize, const SIZE: usize> {
    gradient: Vector<N>,
    block: Block<R, SIZE>,
    start: usize,
    outcome: Outcome,
}

impl<R: Rule, const N: usize, const SIZE: usize> Zero for BlockMemory<R, N, SIZE> {
    const ZERO: Self = Self {
        gradient: Vector::ZERO,
        block: Block::ZERO,
        start: 0,
        outcome: Outcome { iterations: 0, evaluations: 0, value: 0.0 },
    };
}

impl<'m, R: Rule, S: Schedule, const N: usize, const SIZE: usize> BlockDescent<'m, R, S, N, SIZE> {
    /// Goes on with whatever is in `memory`. A block that is empty or larger than the whole does not compile.
    ///
    /// # Errors
    /// [`Error::Setting`] or [`Error::LearningRate`] for a setting outside its range.
    ///
    /// ```compile_fail
    /// # use kilograd::optim::Sgd;
    /// # use kilograd::solver::{BlockDescent, BlockMemory};
    /// # use kilograd::tensor::Zero;
    /// BlockDescent::new(&mut BlockMemory::<_, 4, 5>::ZERO, Sgd, 0.1, 10).unwrap();
    /// ```
    pub fn new(memory: &'m mut BlockMemory<R, N, SIZE>, rule: R, schedule: S, steps: u32) -> Result<Self, Error> {
        const { assert!(0 < SIZE && SIZE <= N, "a block has from 1 to all of the variables") };
        rule.check()?;
        schedule.check()?;
        Setting::Steps.require(to_f32(steps), steps > 0)?;
        Ok(Self { memory, rule, schedule, steps })
    }
}

impl<R: Rule, S: Schedule, const N: usize, const SIZE: usize> Search<N> for BlockDescent<'_, R, S, N, SIZE> {
    /// # Errors
    /// Also [`Error::GradientTooLarge`] if an element of the gradient exceeds
    /// [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT) or is NaN.
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        let BlockMemory { gradient, block, start, outcome } = &mut *self.memory;
        let value = objective.gradient(point, gradient)?;
        require_gradient(gradient)?;
        if block.steps >= self.steps {
            block.clear();
            let next = start.saturating_add(SIZE);
            *start = if next < N { next } else { 0 };
        }
        let end = start.saturating_add(SIZE).min(N);
        block.step(&self.rule, self.schedule.learning_rate(outcome.iterations), *start..end, point, gradient)?;
        outcome.count(1);
        outcome.value = value;
        Ok(*outcome)
    }
}

/// Progress; the numbers would fill pages.
impl<R: Rule, const SIZE: usize> fmt::Debug for Block<R, SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("size", &SIZE).field("steps", &self.steps).finish_non_exhaustive()
    }
}

impl<R: Rule, const N: usize, const SIZE: usize> fmt::Debug for BlockMemory<R, N, SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("BlockMemory");
        fields.field("block", &self.block).field("start", &self.start).field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

impl<R: Rule + fmt::Debug, S: fmt::Debug, const N: usize, const SIZE: usize> fmt::Debug for BlockDescent<'_, R, S, N, SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, rule, schedule, steps } = self;
        let mut fields = f.debug_struct("BlockDescent");
        fields.field("memory", memory).field("rule", rule).field("schedule", schedule).field("steps", steps).finish()
    }
}
