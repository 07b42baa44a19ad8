//! What the searches of this module share.

use super::Objective;
use crate::error::Error;
use crate::init::Distribution;
use crate::tensor::Vector;
use kilograd_simd::kernel;
use rand_core::Rng;

/// A method that moves a point to lower values, one iteration at a time.
///
/// A search that chooses its own trials (all but [`Descent`](super::Descent) and [`BlockDescent`](super::BlockDescent), whose step is
/// the rule's) tries and keeps finite points alone: from a finite point, whatever the objective says, it comes to no other. Where
/// its trials could leave the numbers it stays; from a point that is infinite or NaN it does not move.
///
/// ```
/// use kilograd::solver::{Function, OnePlusOne, Search};
/// use kilograd::tensor::{Tensor, Vector};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut bowl = Function { value: |[x, y]: &[f32; 2]| x * x + y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 2.0 * y] };
/// let mut point = Vector::new([3.0, -1.0]);
/// let mut search = OnePlusOne::new(0.5, Xoshiro128PlusPlus::seed_from_u64(1))?;
/// let outcome = search.minimize(&mut bowl, &mut point, 200)?;
/// assert!(point.norm() < 1e-2 && outcome.evaluations == 201);
/// # Ok::<(), kilograd::Error>(())
/// ```
pub trait Search<const N: usize> {
    /// One iteration; says what has been done so far. A search remembers the value at the point where it stands: it goes on
    /// with the point that it left, and a new point, or an objective that has changed, takes a new search.
    ///
    /// # Errors
    /// Those of the objective; the point is then where it was (of a search that undoes its moves by drawing them again:
    /// but for the rounding of a sum and a difference).
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error>;

    /// So many iterations; for none of them the answer is [`Outcome::NONE`].
    ///
    /// # Errors
    /// That of the first [`step`](Search::step) that fails; those before it have been taken.
    fn minimize<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>, iterations: u32) -> Result<Outcome, Error> {
        let mut outcome = Outcome::NONE;
        for _ in 0..iterations {
            outcome = self.step(objective, point)?;
        }
        Ok(outcome)
    }
}

/// What a search has done since its start.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Outcome {
    /// Iterations taken.
    pub iterations: u32,
    /// Values and gradients asked for; a gradient with its value counts as one.
    pub evaluations: u32,
    /// The value known last: each method says of which point.
    pub value: f32,
}

impl Outcome {
    /// Before the first iteration.
    pub const NONE: Self = Self { iterations: 0, evaluations: 0, value: f32::INFINITY };

    /// Counts an iteration that asked for so many evaluations.
    pub(super) fn count(&mut self, evaluations: u32) {
        self.iterations = self.iterations.saturating_add(1);
        self.evaluations = self.evaluations.saturating_add(evaluations);
    }

    /// Evaluates the point where a search starts, unless it stands somewhere already.
    pub(super) fn start<const N: usize>(&mut self, objective: &mut impl Objective<N>, point: &Vector<N>) -> Result<(), Error> {
        if self.evaluations == 0 {
            self.value = or_too_high(objective.value(point)?);
            self.evaluations = 1;
        }
        Ok(())
    }
}

impl Default for Outcome {
    fn default() -> Self {
        Self::NONE
    }
}

/// `value`, where NaN is as good as infinitely high.
pub(super) fn or_too_high(value: f32) -> f32 {
    if value.is_nan() { f32::INFINITY } else { value }
}

/// Twice what a normal draw can be: the polar method, of multiples of 2⁻²³, comes to `√(2·ln 2⁴⁶)` at most, just below 8.
const REACH: f32 = 16.0;

/// Whether `point`, and wherever normal draws of this deviation take it, is finite.
pub(super) fn has_room(point: &[f32], deviation: f32) -> bool {
    is_finite_within(point, REACH * deviation)
}

/// Whether `point`, and all that lies within `distance` of it in each coordinate, is finite. Sums round to nearest, so that of the
/// largest magnitude is the only one that has to be asked.
pub(super) fn is_finite_within(point: &[f32], distance: f32) -> bool {
    (kernel::max_abs(point) + distance.abs()).is_finite()
}

/// `xᵢ ← xᵢ + deviation·zᵢ` with standard normal z. From the same generator and with `−deviation` it takes that back, but for
/// the rounding of a sum and a difference.
pub(super) fn perturb(point: &mut [f32], deviation: f32, rng: &mut impl Rng) {
    for x in point {
        *x += Distribution::Normal { deviation }.sample(rng);
    }
}
