//! Coordinate descent.

use super::search::or_too_high;
use super::{Objective, Outcome, Search};
use crate::error::{Error, Setting};
use crate::tensor::{Vector, to_f32};

/// Coordinate descent: minimises over one variable at a time, from the first to the last; an iteration is one such cycle.
/// *Memory:* settings and three numbers, whatever N is; no gradient. The value never rises, and the outcome's is that of the
/// point.
///
/// Where variables depend on each other strongly it is slow: on `(x₁ − x₂)² + α·(x₁² + x₂²)` a cycle leaves
/// `1 / (1 + α)²` of the distance to the minimum, all but everything for a small α.
///
/// Source: *Deep Learning*, section 8.7.2.
///
/// ```
/// use kilograd::solver::{AlongCoordinate, CoordinateDescent, Function, Search};
/// use kilograd::tensor::{Tensor, Vector};
///
/// let value = |[x, y]: &[f32; 2]| (x - 1.0) * (x - 1.0) + 50.0 * y * y;
/// let mut bowl = Function { value, gradient: |[x, y]: &[f32; 2]| [2.0 * (x - 1.0), 100.0 * y] };
/// let mut point = Vector::new([3.0, -1.0]);
/// // The variables do not depend on each other: one cycle does.
/// let outcome = CoordinateDescent::new(AlongCoordinate::Newton { difference: 0.5 })?.minimize(&mut bowl, &mut point, 1)?;
/// assert!((point.as_array()[0] - 1.0).abs() < 1e-4 && outcome.value < 1e-6);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoordinateDescent {
    along: AlongCoordinate,
    outcome: Outcome,
}

/// How [`CoordinateDescent`] minimises over one variable.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AlongCoordinate {
    /// Golden-section search (J. Kiefer, 1953) in `[x − radius, x + radius]`, each evaluation narrowing that to 0.618 of it.
    GoldenSection {
        /// How far to look to either side, above 0.
        radius: f32,
        /// Evaluations for each variable, at least 2.
        evaluations: u32,
    },
    /// Newton's step from second differences, exact on a quadratic function: three evaluations for each variable.
    /// With `f± = J(x ± h)`: `x − h/2·(f₊ − f₋) / (f₊ − 2f + f₋)`; of that and `x ± h` the lowest is taken, if it is lower
    /// than x.
    Newton {
        /// h, above 0: as large as the function is all but quadratic over, as differences of values lose digits.
        difference: f32,
    },
}

/// `1/φ = (√5 − 1) / 2`.
const GOLDEN: f32 = 0.618_034;

impl CoordinateDescent {
    /// Minimises over each variable in this way.
    ///
    /// # Errors
    /// [`Setting::Displacement`] for a radius or difference that is not a finite number above 0, [`Setting::Steps`] for too
    /// few evaluations.
    pub fn new(along: AlongCoordinate) -> Result<Self, Error> {
        match along {
            AlongCoordinate::GoldenSection { radius, evaluations } => {
                Setting::Displacement.require_positive(radius)?;
                Setting::Steps.require(to_f32(evaluations), evaluations >= 2)?;
            }
            AlongCoordinate::Newton { difference } => Setting::Displacement.require_positive(difference)?,
        }
        Ok(Self { along, outcome: Outcome::NONE })
    }
}

/// The objective along one variable, and the lowest place met so far.
struct Line<'p, O, const N: usize> {
    objective: &'p mut O,
    point: &'p mut Vector<N>,
    index: usize,
    best: f32,
    value: f32,
    evaluations: u32,
}

impl<O: Objective<N>, const N: usize> Line<'_, O, N> {
    fn set(&mut self, x: f32) {
        if let Some(coordinate) = self.point.get_mut(self.index) {
            *coordinate = x;
        }
    }

    /// The value at `x`, as good as infinitely high where that is not finite.
    fn value(&mut self, x: f32) -> Result<f32, Error> {
        if !x.is_finite() {
            return Ok(f32::INFINITY);
        }
        self.set(x);
        let value = or_too_high(self.objective.value(self.point)?);
        self.evaluations = self.evaluations.saturating_add(1);
        if value < self.value {
            (self.best, self.value) = (x, value);
        }
        Ok(value)
    }

    fn newton(&mut self, h: f32) -> Result<(), Error> {
        let (x, here) = (self.best, self.value);
        let (above, below) = (self.value(x + h)?, self.value(x - h)?);
        let curvature = (above - here) + (below - here);
        let step = -0.5 * h * (above - below) / curvature;
        if curvature > 0.0 && step.is_finite() {
            self.value(x + step)?;
        }
        Ok(())
    }

    fn golden_section(&mut self, radius: f32, evaluations: u32) -> Result<(), Error> {
        let (mut low, mut high) = (self.best - radius, self.best + radius);
        let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        let (mut at_left, mut at_right) = (self.value(left)?, self.value(right)?);
        for _ in 2..evaluations {
            if at_left < at_right {
                (high, right, at_right) = (right, left, at_left);
                left = high - GOLDEN * (high - low);
                at_left = self.value(left)?;
            } else {
                (low, left, at_left) = (left, right, at_right);
                right = low + GOLDEN * (high - low);
                at_right = self.value(right)?;
            }
        }
        Ok(())
    }
}

impl<const N: usize> Search<N> for CoordinateDescent {
    /// # Errors
    /// Those of the objective; the variables before the one where it failed have moved, and none is worse than it was.
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        self.outcome.start(objective, point)?;
        let mut evaluations: u32 = 0;
        for index in 0..N {
            let (best, value) = (point.get(index).unwrap_or_default(), self.outcome.value);
            let mut line = Line { objective: &mut *objective, point: &mut *point, index, best, value, evaluations: 0 };
            let found = match self.along {
                AlongCoordinate::GoldenSection { radius, evaluations } => line.golden_section(radius, evaluations),
                AlongCoordinate::Newton { difference } => line.newton(difference),
            };
            line.set(line.best);
            self.outcome.value = line.value;
            evaluations = evaluations.saturating_add(line.evaluations);
            found?;
        }
        self.outcome.count(evaluations);
        Ok(self.outcome)
    }
}
