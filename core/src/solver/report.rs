//! When to stop, and what came of it.

use crate::error::{Error, Setting};

/// When a minimisation ends.
///
/// ```
/// use kilograd::solver::Stopping;
///
/// assert!(Stopping { gradient: 1e-3, ..Stopping::DEFAULT }.check().is_ok());
/// assert!(Stopping { gradient: -1.0, ..Stopping::DEFAULT }.check().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Stopping {
    /// Converged once no component of the gradient is larger, 0 or more.
    pub gradient: f32,
    /// Iterations at most.
    pub iterations: u32,
}

impl Stopping {
    /// A gradient of 1e-4, 200 iterations.
    pub const DEFAULT: Self = Self { gradient: 1e-4, iterations: 200 };

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] if the gradient is negative or not finite.
    pub fn check(&self) -> Result<(), Error> {
        Setting::GradientTolerance.require_not_negative(self.gradient)
    }
}

impl Default for Stopping {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why a minimisation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Stop {
    /// The gradient is as small as was asked for.
    Converged,
    /// Neither the value nor the gradient gets any smaller: what single precision can tell apart ends here.
    NoProgress,
    /// As many iterations as were asked for.
    IterationLimit,
    /// No step was good enough, not even along the negative gradient: the gradient is wrong, or the function is not finite
    /// around the point.
    SearchFailed,
    /// The Hessian is not what the method needs: singular for Newton's, of negative curvature for linear conjugate gradients.
    Indefinite,
    /// The next point would be one where the objective is not finite; the last one stays.
    NotFinite,
}

/// What was evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Evaluations {
    /// Calls of [`Objective::value`](super::Objective::value).
    pub values: u32,
    /// Calls of [`Objective::gradient`](super::Objective::gradient), each of which is a value too.
    pub gradients: u32,
}

/// What came of a minimisation.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Report {
    /// Why it ended.
    pub stop: Stop,
    /// Steps taken.
    pub iterations: u32,
    /// What was evaluated, that at the start included.
    pub evaluations: Evaluations,
    /// The objective at the last point.
    pub value: f32,
    /// The largest component of the gradient there, in magnitude.
    pub gradient: f32,
}
