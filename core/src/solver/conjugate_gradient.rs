//! Nonlinear conjugate gradients.

use super::bfgs::first_step;
use super::line::{Found, LineSearch, StrongWolfe};
use super::solve::gave_up;
use super::{Iterate, Objective, Solver, Stop, Workspace};
use crate::error::Error;
use crate::tensor::{Tensor, Vector, Zero};

/// How much of the last direction is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Conjugacy {
    /// `β = g′ᵀg′ / gᵀg`.
    FletcherReeves,
    /// `β = max(0, g′ᵀ(g′ − g) / gᵀg)`: falls back to the negative gradient by itself where little has changed (PR+).
    PolakRibiere,
}

/// Nonlinear conjugate gradients: `d ← −g + β·d`, each direction followed by a line search. *Memory:* 12 bytes beside
/// [`Iterate`](super::Iterate).
///
/// The direction starts anew from the negative gradient after `reset` steps, where it does not descend, and, for
/// Fletcher and Reeves, where successive gradients are far from orthogonal (`|g′ᵀg| ≥ 0.2·g′ᵀg′`, Powell), which their β alone
/// would take many steps to notice. Source: *Deep Learning*, section 8.6.2; Nocedal and Wright, *Numerical Optimization*,
/// section 5.2.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{ConjugateGradient, Function, Solver, Stop, Stopping, Workspace};
///
/// let mut bowl = Function {
///     value: |[x, y]: &[f32; 2]| x * x + 50.0 * y * y,
///     gradient: |[x, y]: &[f32; 2]| [2.0 * x, 100.0 * y],
/// };
/// let (mut workspace, mut point) = (Workspace::<2, ConjugateGradient>::ZERO, Vector::new([1.0, 1.0]));
/// let report = ConjugateGradient::POLAK_RIBIERE.minimize(&mut bowl, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ConjugateGradient<L = StrongWolfe> {
    /// How much of the last direction is kept.
    pub conjugacy: Conjugacy,
    /// Steps after which to start anew; 0 never does.
    pub reset: u32,
    /// How far to go in a direction.
    pub search: L,
}

impl ConjugateGradient {
    /// Fletcher and Reeves, never reset without a reason, with [`StrongWolfe::CONJUGATE`].
    pub const FLETCHER_REEVES: Self = Self { conjugacy: Conjugacy::FletcherReeves, reset: 0, search: StrongWolfe::CONJUGATE };
    /// Polak and Ribière, never reset without a reason, with [`StrongWolfe::CONJUGATE`].
    pub const POLAK_RIBIERE: Self = Self { conjugacy: Conjugacy::PolakRibiere, ..Self::FLETCHER_REEVES };
}

/// What [`ConjugateGradient`] remembers.
#[derive(Clone, Copy, Debug)]
pub struct ConjugateGradientState {
    /// Steps since the direction was the negative gradient; 0 if it has to be made.
    age: u32,
    /// The last step, and its product with the slope: the next step is expected to lower the value as much.
    step: f32,
    gain: f32,
}

impl Zero for ConjugateGradientState {
    const ZERO: Self = Self { age: 0, step: 0.0, gain: 0.0 };
}

impl<const N: usize, L: LineSearch> Solver<N> for ConjugateGradient<L> {
    type State = ConjugateGradientState;

    fn check(&self) -> Result<(), Error> {
        self.search.check()
    }

    fn begin(&self, state: &mut ConjugateGradientState) {
        *state = ConjugateGradientState::ZERO;
    }

    fn advance<O: Objective<N> + ?Sized>(
        &self,
        objective: &mut O,
        point: &mut Vector<N>,
        workspace: &mut Workspace<N, Self>,
    ) -> Result<Option<Stop>, Error> {
        let Workspace { iterate, state } = workspace;
        loop {
            if state.age == 0 {
                iterate.descend_steepest();
            }
            let slope = iterate.slope();
            match iterate.search(objective, point, &self.search, state.first(iterate, slope))? {
                Found::Step(trial) => {
                    (state.step, state.gain) = (trial.step, trial.step * slope);
                    state.age = state.age.saturating_add(1);
                    self.turn(iterate, state);
                    iterate.accept(trial.value);
                    return Ok(None);
                }
                _ if state.age > 0 || state.step > 0.0 => *state = ConjugateGradientState::ZERO,
                found => return Ok(Some(gave_up(found))),
            }
        }
    }
}

impl ConjugateGradientState {
    /// The first step to try along a direction of this slope.
    fn first<const N: usize>(&self, iterate: &Iterate<N>, slope: f32) -> f32 {
        let (guess, most) = (self.gain / slope, 100.0 * self.step);
        if !(guess > 0.0 && most.is_finite()) {
            first_step(&iterate.gradient)
        } else if guess < most {
            guess
        } else {
            most
        }
    }
}

impl<L> ConjugateGradient<L> {
    /// The next direction, from the gradients before and after a step.
    fn turn<const N: usize>(&self, iterate: &mut Iterate<N>, state: &mut ConjugateGradientState) {
        let Iterate { gradient: old, next: new, direction, .. } = iterate;
        let (square, overlap) = (new.dot(new), new.dot(old));
        let beta = match self.conjugacy {
            Conjugacy::FletcherReeves if overlap.abs() >= 0.2 * square => 0.0,
            Conjugacy::FletcherReeves => square / old.dot(old),
            Conjugacy::PolakRibiere => (square - overlap) / old.dot(old),
        };
        let keep = beta > 0.0 && beta.is_finite() && state.age != self.reset;
        if keep {
            direction.scale(beta);
            direction.subtract(new);
        }
        if !(keep && direction.dot(new) < 0.0) {
            state.age = 0;
        }
    }
}
