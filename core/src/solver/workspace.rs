//! All the RAM that a solver takes.

use super::line::{Found, Line, LineSearch, Trial, noise};
use super::{Evaluations, Objective, Report, Solver, Stop, Stopping};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use core::fmt;

/// Iterations that may pass without a lower value or a smaller gradient than ever before.
const PATIENCE: u32 = 10;

/// What a solver works in: [`Iterate`], which all have, and what it remembers itself. All of it is zero at the start, so a
/// `static` of it takes no flash.
///
/// ```
/// use kilograd::solver::{Bfgs, Lbfgs, Workspace};
///
/// assert_eq!(Workspace::<33, Bfgs>::RAM_BYTES, 4 * (33 * 33 + 4 * 33) + 36);
/// assert!(Workspace::<2410, Lbfgs<5>>::RAM_BYTES < 4 * (2 * 5 + 4) * 2410 + 100);
/// ```
pub struct Workspace<const N: usize, S: Solver<N>> {
    pub(super) iterate: Iterate<N>,
    pub(super) state: S::State,
}

impl<const N: usize, S: Solver<N>> Workspace<N, S> {
    /// All bytes: everything that the solver needs but the stack, the point and what the objective itself takes.
    pub const RAM_BYTES: usize = size_of::<Self>();

    /// Where the minimisation stands.
    pub fn iterate(&self) -> &Iterate<N> {
        &self.iterate
    }

    /// Forgets everything: the next step starts anew, from wherever the point then is and with whatever the objective has
    /// become.
    pub fn restart(&mut self) {
        self.iterate.begun = false;
    }
}

impl<const N: usize, S: Solver<N>> Zero for Workspace<N, S> {
    const ZERO: Self = Self { iterate: Iterate::ZERO, state: S::State::ZERO };
}

impl<const N: usize, S: Solver<N>> fmt::Debug for Workspace<N, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").field("ram_bytes", &Self::RAM_BYTES).field("iterate", &self.iterate).finish_non_exhaustive()
    }
}

/// Where a minimisation stands. *Memory:* 16·N bytes and some counters.
#[derive(Clone, Debug)]
pub struct Iterate<const N: usize> {
    /// The gradient at the point.
    pub(super) gradient: Vector<N>,
    /// The last step's direction.
    pub(super) direction: Vector<N>,
    /// The point before a step that is being looked for.
    pub(super) start: Vector<N>,
    /// The gradient at the point that is being looked at.
    pub(super) next: Vector<N>,
    /// The value at the point.
    pub(super) value: f32,
    pub(super) iterations: u32,
    pub(super) evaluations: Evaluations,
    lowest: f32,
    smallest: f32,
    stalled: u32,
    pub(super) begun: bool,
}

impl<const N: usize> Zero for Iterate<N> {
    const ZERO: Self = Self {
        gradient: Vector::ZERO,
        direction: Vector::ZERO,
        start: Vector::ZERO,
        next: Vector::ZERO,
        value: 0.0,
        iterations: 0,
        evaluations: Evaluations { values: 0, gradients: 0 },
        lowest: 0.0,
        smallest: 0.0,
        stalled: 0,
        begun: false,
    };
}

impl<const N: usize> Iterate<N> {
    /// The gradient at the point.
    pub fn gradient(&self) -> &Vector<N> {
        &self.gradient
    }

    /// The objective at the point.
    pub fn value(&self) -> f32 {
        self.value
    }

    /// What has been evaluated since the start.
    pub fn evaluations(&self) -> Evaluations {
        self.evaluations
    }

    /// The numbers, if the minimisation were to end for this reason.
    pub fn report(&self, stop: Stop) -> Report {
        Report {
            stop,
            iterations: self.iterations,
            evaluations: self.evaluations,
            value: self.value,
            gradient: self.gradient.norm_max(),
        }
    }

    /// Evaluates the objective at the start.
    pub(super) fn begin<O: Objective<N> + ?Sized>(&mut self, objective: &mut O, point: &Vector<N>) -> Result<(), Error> {
        let finite = point.is_finite();
        self.value = if finite { objective.gradient(point, &mut self.gradient)? } else { f32::NAN };
        if !(self.value.is_finite() && self.gradient.is_finite()) {
            return Err(Error::StartNotFinite);
        }
        self.iterations = 0;
        self.evaluations = Evaluations { values: 0, gradients: 1 };
        (self.lowest, self.smallest, self.stalled) = (self.value, self.gradient.norm_max(), 0);
        self.begun = true;
        Ok(())
    }

    /// Whether to go on.
    pub(super) fn verdict(&self, until: &Stopping) -> Option<Stop> {
        if !(self.value.is_finite() && self.gradient.is_finite()) {
            Some(Stop::NotFinite)
        } else if self.gradient.norm_max() <= until.gradient {
            Some(Stop::Converged)
        } else if self.stalled >= PATIENCE {
            Some(Stop::NoProgress)
        } else if self.iterations >= until.iterations {
            Some(Stop::IterationLimit)
        } else {
            None
        }
    }

    /// Counts a step to where the value is `value` and the gradient already in place.
    pub(super) fn arrived(&mut self, value: f32) {
        self.iterations = self.iterations.saturating_add(1);
        self.value = value;
        let size = self.gradient.norm_max();
        self.stalled = if value < self.lowest || size < self.smallest { 0 } else { self.stalled.saturating_add(1) };
        self.lowest = if value < self.lowest { value } else { self.lowest };
        self.smallest = if size < self.smallest { size } else { self.smallest };
    }

    /// Points the direction along the negative gradient.
    pub(super) fn descend_steepest(&mut self) {
        self.direction.copy_from(&self.gradient);
        self.direction.scale(-1.0);
    }

    /// The slope of the objective along the direction.
    pub(super) fn slope(&self) -> f32 {
        self.gradient.dot(&self.direction)
    }

    /// Looks along the direction. If a step is found the point is at its end, and `next` the gradient there; else the point
    /// stays. `start` is the point before, whatever comes.
    pub(super) fn search<O: Objective<N> + ?Sized>(
        &mut self,
        objective: &mut O,
        point: &mut Vector<N>,
        search: &impl LineSearch,
        first: f32,
    ) -> Result<Found, Error> {
        let slope = self.slope();
        let Self { direction, start, next, value, evaluations, .. } = self;
        start.copy_from(point);
        let mut line = Line { objective, start, direction, value: *value, slope, point, gradient: next, evaluations };
        let found = search.search(&mut line, first);
        if !matches!(found, Ok(Found::Step(_))) {
            point.copy_from(&self.start);
        }
        found
    }

    /// Looks at the end of a whole step along the direction: `next` becomes the gradient there. The point moves, and
    /// [`retreat`](Iterate::retreat) takes it back. `None` where the objective is not finite, and the point stays.
    pub(super) fn advance<O: Objective<N> + ?Sized>(
        &mut self,
        objective: &mut O,
        point: &mut Vector<N>,
    ) -> Result<Option<Trial>, Error> {
        self.start.copy_from(point);
        point.add(&self.direction);
        self.evaluations.gradients = self.evaluations.gradients.saturating_add(1);
        let value = objective.gradient(point, &mut self.next).inspect_err(|_| point.copy_from(&self.start))?;
        let slope = self.next.dot(&self.direction);
        if value.is_finite() && slope.is_finite() && self.next.is_finite() {
            return Ok(Some(Trial { step: 1.0, value, slope }));
        }
        self.retreat(point);
        Ok(None)
    }

    /// Goes back to where the last step began.
    pub(super) fn retreat(&self, point: &mut Vector<N>) {
        point.copy_from(&self.start);
    }

    /// Stays where the last step ended.
    pub(super) fn accept(&mut self, value: f32) {
        self.gradient.copy_from(&self.next);
        self.arrived(value);
    }

    /// How much the value has fallen on a whole step. Where that is less than rounding, from the slopes at both ends.
    pub(super) fn decrease(&self, trial: &Trial) -> f32 {
        let difference = self.value - trial.value;
        if difference.abs() <= noise(self.value) { -0.5 * (self.slope() + trial.slope) } else { difference }
    }
}
