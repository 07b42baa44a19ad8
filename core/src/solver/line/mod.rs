//! Line searches: how far to go in a direction.

mod backtracking;
mod strong_wolfe;

pub use backtracking::Backtracking;
pub use strong_wolfe::StrongWolfe;

use super::{Evaluations, Objective};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Vector};

/// What two values may differ by, as a share of their magnitude, without one of them being known to be lower: an objective is
/// mostly a sum, often of terms that cancel, and so off by more than ε.
const ROUNDING: f32 = 64.0 * f32::EPSILON;

/// The differences that rounding makes between values near `value`.
pub(super) fn noise(value: f32) -> f32 {
    ROUNDING * value.abs()
}

/// `φ(α) = f(x + α·d)`, and what was found on it.
#[derive(Debug)]
pub struct Line<'l, const N: usize, O: ?Sized> {
    /// The function.
    pub objective: &'l mut O,
    /// Where the line starts, x.
    pub start: &'l Vector<N>,
    /// Where it leads, d.
    pub direction: &'l Vector<N>,
    /// φ(0).
    pub value: f32,
    /// φ′(0): the gradient at the start times the direction, below zero.
    pub slope: f32,
    /// The last point that was looked at.
    pub point: &'l mut Vector<N>,
    /// The gradient there.
    pub gradient: &'l mut Vector<N>,
    /// Counts what is evaluated.
    pub evaluations: &'l mut Evaluations,
}

/// A step, φ and φ′ there.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Trial {
    /// The step, α.
    pub step: f32,
    /// φ(α); infinite where the function or its gradient is not finite.
    pub value: f32,
    /// φ′(α).
    pub slope: f32,
}

/// What came of a line search.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Found {
    /// A step that is good enough; the line's `point` and `gradient` are those at its end.
    Step(Trial),
    /// No step changes the value by more than rounding does.
    NoChange,
    /// No step was good enough: the direction does not descend, or the function is not finite anywhere along it.
    Nothing,
}

/// Finds how far to go.
pub trait LineSearch {
    /// Looks along `line`, at the step `first` to begin with.
    ///
    /// # Errors
    /// What keeps the objective from being evaluated.
    fn search<const N: usize, O: Objective<N> + ?Sized>(&self, line: &mut Line<'_, N, O>, first: f32) -> Result<Found, Error>;

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;
}

impl<const N: usize, O: Objective<N> + ?Sized> Line<'_, N, O> {
    /// The start of the line.
    fn origin(&self) -> Trial {
        Trial { step: 0.0, value: self.value, slope: self.slope }
    }

    /// Whether a step of this length changes no coordinate by more than a few roundings of the largest.
    fn is_lost(&self, step: f32) -> bool {
        step.abs() * self.direction.norm_max() <= 4.0 * f32::EPSILON * self.start.norm_max()
    }

    /// Whether the trial is no higher than the start but for rounding, and its slope speaks for a minimum near it or beyond:
    /// what stands for a sufficient decrease where values differ by rounding alone.
    fn is_level(&self, trial: &Trial, sufficient_decrease: f32) -> bool {
        trial.value <= self.value + noise(self.value) && trial.slope <= (2.0 * sufficient_decrease - 1.0) * self.slope
    }

    fn move_to(&mut self, step: f32) {
        self.point.copy_from(self.start);
        self.point.add_scaled(step, self.direction);
    }

    /// φ(`step`); infinite where it is not finite.
    fn value_at(&mut self, step: f32) -> Result<f32, Error> {
        self.move_to(step);
        self.evaluations.values = self.evaluations.values.saturating_add(1);
        let value = self.objective.value(self.point)?;
        Ok(if value.is_finite() { value } else { f32::INFINITY })
    }

    /// φ and φ′ at `step`.
    fn trial(&mut self, step: f32) -> Result<Trial, Error> {
        self.move_to(step);
        self.evaluations.gradients = self.evaluations.gradients.saturating_add(1);
        let value = self.objective.gradient(self.point, self.gradient)?;
        let slope = self.gradient.dot(self.direction);
        let finite = value.is_finite() && slope.is_finite() && self.gradient.is_finite();
        Ok(if finite { Trial { step, value, slope } } else { Trial { step, value: f32::INFINITY, slope: f32::INFINITY } })
    }
}
