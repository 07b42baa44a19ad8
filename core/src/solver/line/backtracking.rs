//! Backtracking from a first step.

use super::{Found, Line, LineSearch, noise};
use crate::error::{Error, Setting};
use crate::solver::Objective;

/// Values that are looked at before giving up: at least a tenth and at most half of a step is kept each time.
const LIMIT: u32 = 40;

/// Shortens the step until the value has fallen enough (Armijo): `φ(α) ≤ φ(0) + c₁·α·φ′(0)`. Each shorter step is the minimum
/// of the parabola through φ(0), φ′(0) and φ(α), kept within 0.1·α and 0.5·α. One value for each step that is tried, and a
/// gradient at the last.
///
/// For directions that know their length, such as Newton's: a first step that is too short stays so. Source: Nocedal and
/// Wright, *Numerical Optimization*, algorithm 3.1 and section 3.5.
///
/// ```
/// use kilograd::Error;
/// use kilograd::solver::line::{Backtracking, Found, Line, LineSearch};
/// use kilograd::solver::{Evaluations, Function};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut parabola = Function { value: |[x]: &[f32; 1]| x * x, gradient: |[x]: &[f32; 1]| [2.0 * x] };
/// let (mut point, mut gradient, mut evaluations) = (Vector::ZERO, Vector::ZERO, Evaluations::default());
/// let mut line = Line {
///     objective: &mut parabola,
///     start: &Vector::new([1.0]),
///     direction: &Vector::new([-8.0]),
///     value: 1.0,
///     slope: -16.0,
///     point: &mut point,
///     gradient: &mut gradient,
///     evaluations: &mut evaluations,
/// };
/// let found = Backtracking::DEFAULT.search(&mut line, 1.0)?;
/// assert!(matches!(found, Found::Step(trial) if trial.step == 0.125 && trial.value == 0.0));
/// assert_eq!((evaluations.values, evaluations.gradients), (2, 1));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Backtracking {
    /// The share of the linear decrease that is asked for, c₁, in (0, 1).
    pub sufficient_decrease: f32,
}

impl Backtracking {
    /// c₁ = 1e-4.
    pub const DEFAULT: Self = Self { sufficient_decrease: 1e-4 };
}

impl Default for Backtracking {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl LineSearch for Backtracking {
    fn search<const N: usize, O: Objective<N> + ?Sized>(&self, line: &mut Line<'_, N, O>, first: f32) -> Result<Found, Error> {
        let mut step = first;
        if line.slope == 0.0 {
            return Ok(Found::NoChange);
        }
        if !(line.slope < 0.0 && step > 0.0) {
            return Ok(Found::Nothing);
        }
        for _ in 0..LIMIT {
            let value = line.value_at(step)?;
            let fallen = value <= line.value + self.sufficient_decrease * step * line.slope;
            if fallen || -step * line.slope <= noise(line.value) {
                let trial = line.trial(step)?;
                if trial.value.is_finite() && (value < line.value || line.is_level(&trial, self.sufficient_decrease)) {
                    return Ok(Found::Step(trial));
                }
                if line.is_lost(step) {
                    return Ok(Found::NoChange);
                }
            }
            let parabola = -0.5 * line.slope * step * step / (value - line.value - step * line.slope);
            let inside = parabola >= 0.1 * step && parabola <= 0.5 * step;
            step = if inside {
                parabola
            } else if parabola > 0.5 * step {
                0.5 * step
            } else {
                0.1 * step
            };
        }
        Ok(Found::Nothing)
    }

    fn check(&self) -> Result<(), Error> {
        Setting::SufficientDecrease
            .require(self.sufficient_decrease, self.sufficient_decrease > 0.0 && self.sufficient_decrease < 1.0)
    }
}
