//! BFGS, with the whole inverse Hessian.

use super::line::{Found, LineSearch, StrongWolfe};
use super::solve::gave_up;
use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::{Matrix, Tensor, Vector, Zero};
use kilograd_simd::kernel;

/// BFGS: steps along `−H·g`, where H approximates the inverse Hessian from the changes s of the point and y of the gradient:
/// `H ← (I − ρ·s·yᵀ)·H·(I − ρ·y·sᵀ) + ρ·s·sᵀ` with `ρ = 1 / sᵀy`. *Memory:* 4·N² bytes beside [`Iterate`](super::Iterate).
///
/// H stays positive definite as long as `sᵀy > 0`, which the curvature condition of a strong Wolfe search guarantees; steps
/// where it does not hold beyond rounding leave H alone. H starts as the identity, not as `sᵀy / yᵀy` times it: that takes more
/// steps on every reference problem (52 instead of 12 on a quadratic of condition 1000), and no store. A step that is not found along `−H·g` is looked for along `−g`, and H forgotten. Source: *Deep Learning*, section 8.6.3; Nocedal
/// and Wright, *Numerical Optimization*, algorithm 6.1.
///
/// The example of [`Solver`] runs it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Bfgs<L = StrongWolfe> {
    /// How far to go in a direction.
    pub search: L,
}

impl Bfgs {
    /// With [`StrongWolfe::DEFAULT`].
    pub const DEFAULT: Self = Self { search: StrongWolfe::DEFAULT };
}

impl<L: Default> Default for Bfgs<L> {
    fn default() -> Self {
        Self { search: L::default() }
    }
}

/// What [`Bfgs`] remembers.
#[derive(Clone, Debug)]
pub struct BfgsState<const N: usize> {
    inverse: Matrix<N, N>,
    /// Whether `inverse` is anything but the identity, which is not stored.
    updated: bool,
}

impl<const N: usize> Zero for BfgsState<N> {
    const ZERO: Self = Self { inverse: Matrix::ZERO, updated: false };
}

impl<const N: usize, L: LineSearch> Solver<N> for Bfgs<L> {
    type State = BfgsState<N>;

    fn check(&self) -> Result<(), Error> {
        self.search.check()
    }

    fn begin(&self, state: &mut BfgsState<N>) {
        state.updated = false;
    }

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        loop {
            let mut first = 1.0;
            if state.updated {
                state.inverse.product(&iterate.gradient, &mut iterate.direction);
                iterate.direction.scale(-1.0);
                state.updated = iterate.slope() < 0.0;
            }
            if !state.updated {
                iterate.descend_steepest();
                first = first_step(&iterate.gradient);
            }
            match iterate.search(objective, point, &self.search, first)? {
                Found::Step(trial) => {
                    if let Some(curvature) = iterate.changes(trial.step) {
                        state.update(iterate, curvature);
                    }
                    iterate.accept(trial.value);
                    return Ok(None);
                }
                _ if state.updated => state.updated = false,
                found => return Ok(Some(gave_up(found))),
            }
        }
    }
}

/// The length of a first step along the negative gradient, which says nothing of how far to go: one that changes the point by
/// no more than 1 altogether.
pub(super) fn first_step<const N: usize>(gradient: &Vector<N>) -> f32 {
    let size = gradient.norm_l1();
    if size > 1.0 { 1.0 / size } else { 1.0 }
}

impl<const N: usize> Iterate<N> {
    /// Turns the direction of a step into the change s and the old gradient into the change y; returns `sᵀy`. `None` if that is
    /// not above rounding: no positive definite matrix has both.
    pub(super) fn changes(&mut self, step: f32) -> Option<f32> {
        let Self { direction: s, gradient: y, next, .. } = self;
        s.scale(step);
        y.scale(-1.0);
        y.add(next);
        let curvature = s.dot(y);
        let definite = curvature > f32::EPSILON * s.norm() * y.norm() && curvature.is_normal();
        (definite && (1.0 / curvature).is_finite()).then_some(curvature)
    }
}

impl<const N: usize> BfgsState<N> {
    /// `H ← H − ρ·(s·uᵀ + u·sᵀ) + ρ·(1 + ρ·yᵀu)·s·sᵀ` with `u = H·y`, the product written out.
    fn update(&mut self, iterate: &mut Iterate<N>, curvature: f32) {
        let Iterate { direction: s, gradient: y, start: u, .. } = iterate;
        if !self.updated {
            self.inverse.fill(0.0);
            for index in 0..N {
                if let Some(diagonal) = self.inverse.get_mut(index, index) {
                    *diagonal = 1.0;
                }
            }
            self.updated = true;
        }
        self.inverse.product(y, u);
        let rho = 1.0 / curvature;
        let both = rho + rho * rho * y.dot(u);
        for (index, (s_i, u_i)) in s.as_slice().iter().zip(u.as_slice()).enumerate() {
            let Some(row) = self.inverse.row_mut(index) else { return };
            kernel::axpy(-rho * s_i, u.as_slice(), row);
            kernel::axpy(both * s_i - rho * u_i, s.as_slice(), row);
        }
    }
}
