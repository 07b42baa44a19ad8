//! What all solvers do.

use super::line::Found;
use super::{Objective, Report, Stop, Stopping, Workspace};
use crate::error::Error;
use crate::tensor::{Vector, Zero};

/// Goes from a point to one where an objective is lower, again and again. The settings are its own, what it remembers lies in a
/// [`Workspace`], which the caller owns.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Bfgs, Function, Solver, Stop, Stopping, Workspace};
///
/// let mut rosenbrock = Function {
///     value: |[x, y]: &[f32; 2]| 100.0 * (y - x * x) * (y - x * x) + (1.0 - x) * (1.0 - x),
///     gradient: |[x, y]: &[f32; 2]| [-400.0 * x * (y - x * x) - 2.0 * (1.0 - x), 200.0 * (y - x * x)],
/// };
/// let mut workspace = Workspace::<2, Bfgs>::ZERO;
/// let mut point = Vector::new([-1.2, 1.0]);
/// let report = Bfgs::DEFAULT.minimize(&mut rosenbrock, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// assert!(report.value < 1e-8 && report.evaluations.gradients < 60);
/// # Ok::<(), Error>(())
/// ```
pub trait Solver<const N: usize>: Sized {
    /// What it remembers from step to step, beside [`Iterate`](super::Iterate).
    type State: Zero;

    /// Whether the settings are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first one that is not.
    fn check(&self) -> Result<(), Error>;

    /// Prepares the first step; whatever the state holds is of another minimisation.
    fn begin(&self, state: &mut Self::State);

    /// Takes one step from `point`, whose value and gradient the workspace knows, or says why there is none. The point then
    /// stays, as it does if the objective cannot be evaluated.
    ///
    /// # Errors
    /// What keeps the objective from being evaluated.
    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error>;

    /// Makes value and gradient true, before the minimisation ends, where steps only carry them along.
    ///
    /// # Errors
    /// What keeps the objective from being evaluated.
    fn confirm<O: Objective<N> + ?Sized>(&self, _: &mut O, _: &mut Vector<N>, _: &mut Workspace<N, Self>) -> Result<(), Error> {
        Ok(())
    }

    /// Takes one step, so that other work can be done in between; `None` means that there is more to do. The first step also
    /// evaluates the objective at `point`. Point and objective must not change between steps, unless
    /// [`Workspace::restart`] says so.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting outside its range, [`Error::StartNotFinite`] for a start where the objective is not
    /// finite, and what keeps the objective from being evaluated. The point is then as it was, and the step can be tried again.
    fn step<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
        until: &Stopping,
    ) -> Result<Option<Stop>, Error> {
        self.check()?;
        until.check()?;
        if !workspace.iterate.begun {
            self.begin(&mut workspace.state);
            workspace.iterate.begin(objective, point)?;
        }
        if let Some(stop) = workspace.iterate.verdict(until) {
            return Ok(Some(stop));
        }
        let stop = self.advance(objective, point, workspace)?;
        if stop.is_none() && workspace.iterate.verdict(until).is_none() {
            return Ok(None);
        }
        self.confirm(objective, point, workspace)?;
        let verdict = workspace.iterate.verdict(until);
        Ok(if verdict == Some(Stop::NotFinite) { verdict } else { stop.or(verdict) })
    }

    /// Starts anew and takes steps until one of them says why to stop. `point` ends at the last point reached.
    ///
    /// # Errors
    /// As [`step`](Solver::step).
    fn minimize<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
        until: &Stopping,
    ) -> Result<Report, Error> {
        workspace.restart();
        loop {
            if let Some(stop) = self.step(objective, point, workspace, until)? {
                return Ok(workspace.iterate.report(stop));
            }
        }
    }
}

/// Why a search that found no step, not even along the negative gradient, ends a minimisation.
pub(super) fn gave_up(found: Found) -> Stop {
    if found == Found::NoChange { Stop::NoProgress } else { Stop::SearchFailed }
}
