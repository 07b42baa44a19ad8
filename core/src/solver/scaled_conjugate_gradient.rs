//! Scaled conjugate gradients, which need no line search.

use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Vector, Zero};

/// Scaled conjugate gradients: the length of each step comes from the curvature along it, `α = −gᵀd / (dᵀHd + λ·dᵀd)`, and not
/// from a search. λ is Levenberg and Marquardt's: it rises where the curvature is negative or the parabola was wrong, and falls
/// where it was right. Two gradients a step. *Memory:* 4·N + 20 bytes beside [`Iterate`](super::Iterate).
///
/// The product of Hessian and direction is [`Objective::hessian_product`]'s, a difference of two gradients, so over a mini-batch
/// that stays the same for some steps this is the book's conjugate gradient on mini-batches. The direction starts anew every N
/// steps. Source: Møller, *A scaled conjugate gradient algorithm for fast supervised learning* (1993); *Deep Learning*,
/// section 8.6.2.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Function, ScaledConjugateGradient, Solver, Stop, Stopping, Workspace};
///
/// let mut bowl = Function {
///     value: |[x, y]: &[f32; 2]| x * x + 50.0 * y * y,
///     gradient: |[x, y]: &[f32; 2]| [2.0 * x, 100.0 * y],
/// };
/// let (mut workspace, mut point) = (Workspace::<2, ScaledConjugateGradient>::ZERO, Vector::new([1.0, 1.0]));
/// let report = ScaledConjugateGradient.minimize(&mut bowl, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ScaledConjugateGradient;

/// λ of the first step.
const FIRST: f32 = 1e-6;
/// Lengths that are tried along one direction.
const LIMIT: u32 = 40;

/// What [`ScaledConjugateGradient`] remembers.
#[derive(Clone, Debug)]
pub struct ScaledConjugateGradientState<const N: usize> {
    /// The conjugate direction, d; the iterate's is the step along it.
    conjugate: Vector<N>,
    lambda: f32,
    /// Steps since `conjugate` was the negative gradient; it has to be made if `fresh`.
    age: usize,
    fresh: bool,
}

impl<const N: usize> Zero for ScaledConjugateGradientState<N> {
    const ZERO: Self = Self { conjugate: Vector::ZERO, lambda: 0.0, age: 0, fresh: false };
}

impl<const N: usize> Solver<N> for ScaledConjugateGradient {
    type State = ScaledConjugateGradientState<N>;

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn begin(&self, state: &mut ScaledConjugateGradientState<N>) {
        (state.lambda, state.age, state.fresh) = (FIRST, 0, true);
    }

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        let descends = !state.fresh && state.conjugate.dot(&iterate.gradient) < 0.0;
        if !descends {
            state.conjugate.copy_from(&iterate.gradient);
            state.conjugate.scale(-1.0);
            (state.age, state.fresh) = (0, false);
        }
        let square = state.conjugate.dot(&state.conjugate);
        let bare = state.curvature(iterate, objective, point)?;
        let mut seen = Stop::SearchFailed;
        for _ in 0..LIMIT {
            let mut curvature = bare + state.lambda * square;
            let convex = curvature > 0.0;
            if !convex {
                // Møller's equations (17) and (18): enough λ to turn the sign.
                state.lambda = 2.0 * (state.lambda - curvature / square);
                curvature = bare + state.lambda * square;
            }
            let drop = -state.conjugate.dot(&iterate.gradient);
            let length = drop / curvature;
            iterate.direction.copy_from(&state.conjugate);
            iterate.direction.scale(length);
            if !length.is_finite() || iterate.too_short(point) {
                return Ok(Some(Stop::NoProgress));
            }
            let Some(trial) = iterate.advance(objective, point)? else {
                seen = Stop::NotFinite;
                state.lambda = 4.0 * state.lambda + curvature / square;
                continue;
            };
            // What came of the step, as a share of what the parabola promised.
            let kept = 2.0 * iterate.decrease(&trial) / (length * drop);
            if kept < 0.25 {
                state.lambda += curvature * (1.0 - kept) / square;
            } else if kept > 0.75 {
                state.lambda *= 0.25;
            }
            if kept > 0.0 {
                state.turn(iterate, drop);
                iterate.accept(trial.value);
                return Ok(None);
            }
            iterate.retreat(point);
        }
        Ok(Some(seen))
    }
}

impl<const N: usize> ScaledConjugateGradientState<N> {
    /// `dᵀHd`.
    fn curvature<O: Objective<N> + ?Sized>(
        &self,
        iterate: &mut Iterate<N>,
        objective: &mut O,
        point: &Vector<N>,
    ) -> Result<f32, Error> {
        let Iterate { gradient, start, next, evaluations, .. } = iterate;
        let gradients = objective.hessian_product(point, gradient, &self.conjugate, start, next)?;
        evaluations.gradients = evaluations.gradients.saturating_add(gradients);
        Ok(self.conjugate.dot(next))
    }

    /// `d ← −g′ + β·d` with `β = (g′ᵀg′ − g′ᵀg) / −gᵀd`, or a fresh start every N steps.
    fn turn(&mut self, iterate: &Iterate<N>, drop: f32) {
        let (old, new) = (&iterate.gradient, &iterate.next);
        let beta = (new.dot(new) - new.dot(old)) / drop;
        self.age = self.age.saturating_add(1);
        if self.age >= N || !beta.is_finite() {
            self.fresh = true;
            return;
        }
        self.conjugate.scale(beta);
        self.conjugate.subtract(new);
    }
}
