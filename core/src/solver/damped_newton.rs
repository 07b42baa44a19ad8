//! Newton's method, damped.

use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::{Error, Setting};
use crate::tensor::linear::{cholesky, cholesky_solve};
use crate::tensor::{Matrix, Tensor, Vector, Zero};

/// Newton's method with a damped Hessian, `x ← x − (H + α·I)⁻¹·g`; over [`LeastSquares`](super::LeastSquares) this is the method
/// of Levenberg and Marquardt. *Memory:* 4·N² + 4·N + 4 bytes beside [`Iterate`](super::Iterate).
///
/// α rises where a pivot of the factorisation is not positive, and where the value falls by less than a quarter of what the
/// parabola `gᵀd + dᵀHd/2` promises; it falls where the value falls by more than three quarters. A step that does not lower the
/// value is taken back. The Hessian is [`Objective::hessian`]'s and lies in the upper triangle while the lower one is factored,
/// so that another α costs no evaluation. Source: *Deep Learning*, section 8.6.1; Marquardt, *An algorithm for least-squares
/// estimation of nonlinear parameters* (1963).
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{DampedNewton, Function, Solver, Stop, Stopping, Workspace};
///
/// // Two minima at ±1; at the start the curvature is negative.
/// let mut wells = Function {
///     value: |[x]: &[f32; 1]| (x * x - 1.0) * (x * x - 1.0),
///     gradient: |[x]: &[f32; 1]| [4.0 * x * (x * x - 1.0)],
/// };
/// let (mut workspace, mut point) = (Workspace::<1, DampedNewton>::ZERO, Vector::new([0.1]));
/// let report = DampedNewton::DEFAULT.minimize(&mut wells, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// assert!((point.as_array()[0] - 1.0).abs() < 1e-4);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DampedNewton {
    /// The damping of the first step as a share of the largest element on the Hessian's diagonal, 0 or more.
    pub damping: f32,
}

impl DampedNewton {
    /// A thousandth.
    pub const DEFAULT: Self = Self { damping: 1e-3 };
}

impl Default for DampedNewton {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// By how much the damping rises and falls.
const FACTOR: f32 = 4.0;
/// The damping, as a share of the largest diagonal element, below which it is zero, and which it rises to from there.
const LEAST: f32 = 1e-6;
/// Dampings that are tried in one step: the largest is 4⁴⁰ times the first.
const LIMIT: u32 = 40;

/// What [`DampedNewton`] remembers.
#[derive(Clone, Debug)]
pub struct DampedNewtonState<const N: usize> {
    /// The Hessian above the diagonal, its damped factor below and on it.
    hessian: Matrix<N, N>,
    diagonal: Vector<N>,
    /// α as a share of the largest diagonal element.
    damping: f32,
}

impl<const N: usize> Zero for DampedNewtonState<N> {
    const ZERO: Self = Self { hessian: Matrix::ZERO, diagonal: Vector::ZERO, damping: 0.0 };
}

impl<const N: usize> Solver<N> for DampedNewton {
    type State = DampedNewtonState<N>;

    fn check(&self) -> Result<(), Error> {
        Setting::Damping.require_not_negative(self.damping)
    }

    fn begin(&self, state: &mut DampedNewtonState<N>) {
        state.damping = self.damping;
    }

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        iterate.hessian(objective, point, &mut state.hessian)?;
        let largest = state.keep_diagonal();
        let mut seen = Stop::SearchFailed;
        for _ in 0..LIMIT {
            let damping = state.damping * largest;
            state.restore(damping);
            if cholesky(state.hessian.as_mut_slice(), N).is_err() {
                state.raise();
                continue;
            }
            iterate.descend_steepest();
            cholesky_solve(state.hessian.as_slice(), iterate.direction.as_mut_slice());
            if iterate.too_short(point) {
                return Ok(Some(Stop::NoProgress));
            }
            let promised = -0.5 * iterate.slope() + 0.5 * damping * iterate.direction.dot(&iterate.direction);
            let Some(trial) = iterate.advance(objective, point)? else {
                seen = Stop::NotFinite;
                state.raise();
                continue;
            };
            let kept = iterate.decrease(&trial) / promised;
            // A share that is NaN is none.
            match kept {
                kept if kept > 0.75 => state.lower(),
                kept if kept >= 0.25 => {}
                _ => state.raise(),
            }
            if kept > 1e-4 {
                iterate.accept(trial.value);
                return Ok(None);
            }
            iterate.retreat(point);
        }
        Ok(Some(seen))
    }
}

impl<const N: usize> DampedNewtonState<N> {
    /// Copies the Hessian's diagonal, and returns its largest magnitude (1 if there is none).
    fn keep_diagonal(&mut self) -> f32 {
        for (index, diagonal) in self.diagonal.as_mut_slice().iter_mut().enumerate() {
            *diagonal = self.hessian.get(index, index).unwrap_or_default();
        }
        let largest = self.diagonal.norm_max();
        if largest > 0.0 { largest } else { 1.0 }
    }

    /// The Hessian, from its upper triangle, with `damping` added to the diagonal.
    fn restore(&mut self, damping: f32) {
        for (index, diagonal) in self.diagonal.as_slice().iter().enumerate() {
            for column in 0..index {
                let mirrored = self.hessian.get(column, index).unwrap_or_default();
                if let Some(element) = self.hessian.get_mut(index, column) {
                    *element = mirrored;
                }
            }
            if let Some(element) = self.hessian.get_mut(index, index) {
                *element = diagonal + damping;
            }
        }
    }

    fn raise(&mut self) {
        self.damping = if self.damping < LEAST { LEAST } else { FACTOR * self.damping };
    }

    fn lower(&mut self) {
        self.damping = if self.damping < FACTOR * LEAST { 0.0 } else { self.damping / FACTOR };
    }
}

impl<const N: usize> Iterate<N> {
    /// Whether a whole step along the direction is lost in the rounding of every coordinate.
    pub(super) fn too_short(&self, point: &Vector<N>) -> bool {
        let pairs = point.as_slice().iter().zip(self.direction.as_slice());
        pairs.into_iter().all(|(x, d)| x + d == *x)
    }
}
