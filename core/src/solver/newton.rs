//! Newton's method.

use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::linear::{ldl, ldl_solve};
use crate::tensor::{Matrix, Tensor, Vector, Zero};

/// Newton's method: `x ← x − H⁻¹·g`, whole steps, whatever becomes of the value. *Memory:* 4·N² bytes beside
/// [`Iterate`](super::Iterate).
///
/// Goes to where the gradient is zero, be it a minimum, a saddle or a maximum, and near it converges quadratically. The Hessian
/// is [`Objective::hessian`]'s, factored in place; where it is singular there is no step. With the matrix of
/// [`LeastSquares`](super::LeastSquares) in its place this is the Gauss-Newton method. Source: *Deep Learning*, section 8.6.1,
/// algorithm 8.8.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Function, Newton, Solver, Stop, Stopping, Workspace};
///
/// // A saddle attracts it.
/// let mut saddle = Function { value: |[x, y]: &[f32; 2]| x * x - y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, -2.0 * y] };
/// let (mut workspace, mut point) = (Workspace::<2, Newton>::ZERO, Vector::new([1.0, 0.1]));
/// let report = Newton.minimize(&mut saddle, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// assert!(point.norm_max() < 1e-4);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Newton;

/// What [`Newton`] remembers: nothing from one step to the next, but it needs the room.
#[derive(Clone, Debug)]
pub struct NewtonState<const N: usize> {
    hessian: Matrix<N, N>,
}

impl<const N: usize> Zero for NewtonState<N> {
    const ZERO: Self = Self { hessian: Matrix::ZERO };
}

impl<const N: usize> Solver<N> for Newton {
    type State = NewtonState<N>;

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn begin(&self, _: &mut NewtonState<N>) {}

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        iterate.hessian(objective, point, &mut state.hessian)?;
        if ldl(state.hessian.as_mut_slice(), N).is_err() {
            return Ok(Some(Stop::Indefinite));
        }
        iterate.descend_steepest();
        ldl_solve(state.hessian.as_slice(), iterate.direction.as_mut_slice());
        let Some(trial) = iterate.advance(objective, point)? else { return Ok(Some(Stop::NotFinite)) };
        iterate.accept(trial.value);
        Ok(None)
    }
}

impl<const N: usize> Iterate<N> {
    /// Writes the Hessian at the point.
    pub(super) fn hessian<O: Objective<N> + ?Sized>(
        &mut self,
        objective: &mut O,
        point: &mut Vector<N>,
        hessian: &mut Matrix<N, N>,
    ) -> Result<(), Error> {
        let gradients = objective.hessian(point, &mut self.next, hessian)?;
        self.evaluations.gradients = self.evaluations.gradients.saturating_add(gradients);
        Ok(())
    }
}
