//! Newton's method that saddles do not attract.

use super::line::{Backtracking, Found, LineSearch};
use super::solve::gave_up;
use super::{Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::linear::symmetric_eigen;
use crate::tensor::{Matrix, Tensor, Vector, Zero};

/// Saddle-free Newton: `d = −|H|⁻¹·g`, where |H| has the eigenvectors of the Hessian and the magnitudes of its eigenvalues, then a
/// line search from a whole step. *Memory:* 8·N² bytes beside [`Iterate`](super::Iterate): for networks of some 64 parameters.
///
/// Along a direction of negative curvature Newton's step leads back to the saddle; this one leads away from it, as far. Magnitudes
/// below a thousandth of the largest count as that. Source: Dauphin et al., *Identifying and attacking the saddle point problem
/// in high-dimensional non-convex optimization* (2014); *Deep Learning*, section 8.2.3.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Function, SaddleFreeNewton, Solver, Stop, Stopping, Workspace};
///
/// // A saddle at the origin, minima at (0, ±1).
/// let mut saddle = Function {
///     value: |[x, y]: &[f32; 2]| x * x - 2.0 * y * y + y * y * y * y,
///     gradient: |[x, y]: &[f32; 2]| [2.0 * x, -4.0 * y + 4.0 * y * y * y],
/// };
/// let (mut workspace, mut point) = (Workspace::<2, SaddleFreeNewton>::ZERO, Vector::new([1.0, 0.001]));
/// let report = SaddleFreeNewton::DEFAULT.minimize(&mut saddle, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// assert!((report.value + 1.0).abs() < 1e-5);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SaddleFreeNewton<L = Backtracking> {
    /// How far to go in a direction.
    pub search: L,
}

impl SaddleFreeNewton {
    /// With [`Backtracking::DEFAULT`].
    pub const DEFAULT: Self = Self { search: Backtracking::DEFAULT };
}

impl<L: Default> Default for SaddleFreeNewton<L> {
    fn default() -> Self {
        Self { search: L::default() }
    }
}

/// The least magnitude of an eigenvalue, as a share of the largest.
const LEAST: f32 = 1e-3;

/// What [`SaddleFreeNewton`] works in; nothing of it outlives a step.
#[derive(Clone, Debug)]
pub struct SaddleFreeNewtonState<const N: usize> {
    hessian: Matrix<N, N>,
    vectors: Matrix<N, N>,
}

impl<const N: usize> Zero for SaddleFreeNewtonState<N> {
    const ZERO: Self = Self { hessian: Matrix::ZERO, vectors: Matrix::ZERO };
}

impl<const N: usize, L: LineSearch> Solver<N> for SaddleFreeNewton<L> {
    type State = SaddleFreeNewtonState<N>;

    fn check(&self) -> Result<(), Error> {
        self.search.check()
    }

    fn begin(&self, _: &mut SaddleFreeNewtonState<N>) {}

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        iterate.hessian(objective, point, &mut state.hessian)?;
        if !symmetric_eigen(state.hessian.as_mut_slice(), state.vectors.as_mut_slice(), N) {
            return Ok(Some(Stop::NotFinite));
        }
        state.divide(&iterate.gradient, &mut iterate.direction);
        match iterate.search(objective, point, &self.search, 1.0)? {
            Found::Step(trial) => {
                iterate.accept(trial.value);
                Ok(None)
            }
            found => Ok(Some(gave_up(found))),
        }
    }
}

impl<const N: usize> SaddleFreeNewtonState<N> {
    /// `d ← −Σ (vᵢᵀg / |λᵢ|)·vᵢ`.
    fn divide(&self, gradient: &Vector<N>, direction: &mut Vector<N>) {
        let magnitude = |index| self.hessian.get(index, index).unwrap_or_default().abs();
        let largest = (0..N).map(magnitude).fold(0.0, |most, next| if next > most { next } else { most });
        // Where there is no curvature at all, its magnitude says nothing, and the step is the negative gradient.
        let least = if largest > 0.0 { LEAST * largest } else { 1.0 };
        direction.fill(0.0);
        for (index, vector) in self.vectors.as_rows().iter().enumerate() {
            let magnitude = if magnitude(index) > least { magnitude(index) } else { least };
            let share = kilograd_simd::kernel::dot(vector, gradient.as_slice()) / magnitude;
            kilograd_simd::kernel::axpy(-share, vector, direction.as_mut_slice());
        }
    }
}
