//! BFGS with a limited memory.

use super::bfgs::first_step;
use super::line::{Found, LineSearch, StrongWolfe};
use super::solve::gave_up;
use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor, Vector, Zero};

/// L-BFGS: [`Bfgs`](super::Bfgs) whose inverse Hessian is that of the last `M` changes alone, never stored: a recursion through
/// them, forth and back, applies it to the gradient. *Memory:* 8·M·(N + 1) bytes beside [`Iterate`](super::Iterate).
///
/// `M = 1` is the memoryless method, a conjugate gradient of its own. The recursion starts from `sᵀy / yᵀy` of the last change
/// times the identity. Source: *Deep Learning*, section 8.6.3; Nocedal and Wright, *Numerical Optimization*, algorithms 7.4
/// and 7.5.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{Function, Lbfgs, Solver, Stop, Stopping, Workspace};
///
/// let mut bowl = Function {
///     value: |[x, y]: &[f32; 2]| x * x + 50.0 * y * y,
///     gradient: |[x, y]: &[f32; 2]| [2.0 * x, 100.0 * y],
/// };
/// let (mut workspace, mut point) = (Workspace::<2, Lbfgs<1>>::ZERO, Vector::new([1.0, 1.0]));
/// let report = Lbfgs::DEFAULT.minimize(&mut bowl, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lbfgs<const M: usize, L = StrongWolfe> {
    /// How far to go in a direction.
    pub search: L,
}

impl<const M: usize> Lbfgs<M> {
    /// With [`StrongWolfe::DEFAULT`].
    pub const DEFAULT: Self = Self { search: StrongWolfe::DEFAULT };
}

impl<const M: usize, L: Default> Default for Lbfgs<M, L> {
    fn default() -> Self {
        Self { search: L::default() }
    }
}

/// What [`Lbfgs`] remembers: a ring of changes.
#[derive(Clone, Debug)]
pub struct LbfgsState<const N: usize, const M: usize> {
    changes: [Pair<N>; M],
    /// How many of them hold a change, and which is written next.
    known: usize,
    next: usize,
}

/// A change of the point and that of the gradient.
#[derive(Clone, Debug)]
struct Pair<const N: usize> {
    s: Vector<N>,
    y: Vector<N>,
    /// `sᵀy`.
    curvature: f32,
    /// The recursion's factor, from its way there to its way back.
    alpha: f32,
}

impl<const N: usize> Zero for Pair<N> {
    const ZERO: Self = Self { s: Vector::ZERO, y: Vector::ZERO, curvature: 0.0, alpha: 0.0 };
}

impl<const N: usize, const M: usize> Zero for LbfgsState<N, M> {
    const ZERO: Self = Self { changes: [const { Pair::ZERO }; M], known: 0, next: 0 };
}

impl<const N: usize, const M: usize, L: LineSearch> Solver<N> for Lbfgs<M, L> {
    type State = LbfgsState<N, M>;

    fn check(&self) -> Result<(), Error> {
        const { assert!(M > 0, "L-BFGS remembers at least one change: M must not be 0") };
        self.search.check()
    }

    fn begin(&self, state: &mut LbfgsState<N, M>) {
        state.forget();
    }

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        loop {
            iterate.descend_steepest();
            let mut first = first_step(&iterate.gradient);
            if state.known > 0 {
                state.precondition(&mut iterate.direction);
                first = 1.0;
                let descends = iterate.slope() < 0.0;
                if !descends {
                    state.forget();
                    continue;
                }
            }
            match iterate.search(objective, point, &self.search, first)? {
                Found::Step(trial) => {
                    state.remember(iterate, trial.step);
                    iterate.accept(trial.value);
                    return Ok(None);
                }
                _ if state.known > 0 => state.forget(),
                found => return Ok(Some(gave_up(found))),
            }
        }
    }
}

impl<const N: usize, const M: usize> LbfgsState<N, M> {
    fn forget(&mut self) {
        (self.known, self.next) = (0, 0);
    }

    fn remember(&mut self, iterate: &mut Iterate<N>, step: f32) {
        let Some(curvature) = iterate.changes(step) else { return };
        let Some(pair) = self.changes.get_mut(self.next) else { return };
        pair.s.copy_from(&iterate.direction);
        pair.y.copy_from(&iterate.gradient);
        pair.curvature = curvature;
        self.next = if self.next + 1 < M { self.next + 1 } else { 0 };
        self.known = if self.known < M { self.known + 1 } else { M };
    }

    /// Where the change `age` steps ago is: 0 is the last.
    fn place(&self, age: usize) -> usize {
        // One turn of the ring is added where the difference would be negative.
        let before = age.saturating_add(1);
        if self.next >= before { self.next - before } else { (self.next + M).saturating_sub(before) }
    }

    /// `q ← H·q` by two loops over the changes, the last one first and then back.
    fn precondition(&mut self, q: &mut Vector<N>) {
        for age in 0..self.known {
            let place = self.place(age);
            let Some(pair) = self.changes.get_mut(place) else { continue };
            pair.alpha = pair.s.dot(q) / pair.curvature;
            q.add_scaled(-pair.alpha, &pair.y);
        }
        if let Some(last) = self.changes.get(self.place(0)) {
            q.scale(last.curvature / last.y.dot(&last.y));
        }
        for age in (0..self.known).rev() {
            let Some(pair) = self.changes.get(self.place(age)) else { continue };
            let beta = pair.y.dot(q) / pair.curvature;
            q.add_scaled(pair.alpha - beta, &pair.s);
        }
    }
}
