//! Conjugate gradients for a quadratic function.

use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Vector, Zero};

/// Linear conjugate gradients: exact steps `α = gᵀg / dᵀHd` along directions of which none spoils what the others have done, so
/// that N steps minimise a quadratic function of N numbers; H is never stored. *Memory:* 4 bytes beside
/// [`Iterate`](super::Iterate).
///
/// `g ← g + α·H·d` and `d ← −g + (g′ᵀg′ / gᵀg)·d`, with [`Objective::hessian_product`] and no other evaluation. Where the gradient so
/// carried along has converged, it is evaluated, and if that differs the method starts anew (or ends there, with
/// [`Stop::NotFinite`], if the function is not finite at that point). In single precision rounding
/// spoils the conjugacy of an ill-conditioned H and asks for more than N steps. Source: *Deep Learning*, section 8.6.2,
/// algorithm 8.9; Nocedal and Wright, *Numerical Optimization*, algorithm 5.2.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Function, LinearConjugateGradient, Solver, Stop, Stopping, Workspace};
///
/// let mut bowl = Function {
///     value: |[x, y]: &[f32; 2]| x * x + 8.0 * y * y,
///     gradient: |[x, y]: &[f32; 2]| [2.0 * x, 16.0 * y],
/// };
/// let (mut workspace, mut point) = (Workspace::<2, LinearConjugateGradient>::ZERO, Vector::new([1.0, 1.0]));
/// let until = Stopping { gradient: 1e-2, ..Stopping::DEFAULT };
/// let report = LinearConjugateGradient.minimize(&mut bowl, &mut point, &mut workspace, &until)?;
/// // A Hessian given by hand would take two; one by differences is off by a thousandth.
/// assert!(report.stop == Stop::Converged && report.iterations <= 3);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LinearConjugateGradient;

/// What [`LinearConjugateGradient`] remembers.
#[derive(Clone, Copy, Debug)]
pub struct LinearConjugateGradientState {
    /// Whether the iterate's direction is conjugate to the last one; else it has to be made.
    conjugate: bool,
}

impl Zero for LinearConjugateGradientState {
    const ZERO: Self = Self { conjugate: false };
}

impl<const N: usize> Solver<N> for LinearConjugateGradient {
    type State = LinearConjugateGradientState;

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn begin(&self, state: &mut LinearConjugateGradientState) {
        state.conjugate = false;
    }

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        if !state.conjugate {
            iterate.descend_steepest();
        }
        let Iterate { gradient, direction, start, next, evaluations, .. } = iterate;
        let gradients = objective.hessian_product(point, gradient, direction, start, next)?;
        evaluations.gradients = evaluations.gradients.saturating_add(gradients);
        let (square, curvature) = (gradient.dot(gradient), direction.dot(next));
        // Until the step is taken, so that there is always a point to go back to.
        start.copy_from(point);
        let convex = curvature > 0.0;
        if !convex {
            return Ok(Some(Stop::Indefinite));
        }
        let length = square / curvature;
        if !length.is_finite() {
            return Ok(Some(Stop::NoProgress));
        }
        // What an exact step along a parabola lowers the value by.
        let lower = iterate.value - 0.5 * length * square;
        point.add_scaled(length, direction);
        next.scale(length);
        next.add(gradient);
        if !(point.is_finite() && next.is_finite() && lower.is_finite()) {
            iterate.retreat(point);
            return Ok(Some(Stop::NotFinite));
        }
        gradient.copy_from(next);
        let beta = gradient.dot(gradient) / square;
        direction.scale(beta);
        direction.subtract(gradient);
        state.conjugate = beta.is_finite();
        iterate.arrived(lower);
        Ok(None)
    }

    fn confirm<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<(), Error> {
        let Workspace { iterate, state } = workspace;
        state.conjugate = false;
        iterate.evaluations.gradients = iterate.evaluations.gradients.saturating_add(1);
        match objective.gradient(point, &mut iterate.gradient) {
            Ok(value) => iterate.value = value,
            Err(error) => {
                // Nothing is known of the point before the step any more.
                iterate.retreat(point);
                iterate.begun = false;
                return Err(error);
            }
        }
        Ok(())
    }
}
