//! A line search for the strong Wolfe conditions.

use super::{Found, Line, LineSearch, Trial, noise};
use crate::error::{Error, Setting};
use crate::solver::Objective;
use kilograd_simd::math::sqrt;

/// Steps that are tried while looking for an interval that holds a good one, and then within it.
const BRACKET_LIMIT: u32 = 30;
const ZOOM_LIMIT: u32 = 24;

/// Finds a step where the value has fallen enough, `φ(α) ≤ φ(0) + c₁·α·φ′(0)`, and the slope has flattened enough,
/// `|φ′(α)| ≤ c₂·|φ′(0)|`: what quasi-Newton methods and conjugate gradients rest on. Every trial is one gradient.
///
/// Steps grow until an interval holds a minimum, which cubic interpolation then finds; where the function is not finite, they
/// shrink. Where values differ by no more than rounding, which in single precision is far from the minimum, the slopes decide
/// in their place: `(2·c₁ − 1)·φ′(0) ≥ φ′(α)` stands for the first condition. Sources: Nocedal and Wright, *Numerical
/// Optimization*, algorithms 3.5 and 3.6; Hager and Zhang, *A new conjugate gradient method with guaranteed descent and an
/// efficient line search* (2005), for the last.
///
/// ```
/// use kilograd::solver::line::{LineSearch, StrongWolfe};
///
/// assert!(StrongWolfe::DEFAULT.check().is_ok());
/// assert!(StrongWolfe { curvature: 1e-5, ..StrongWolfe::DEFAULT }.check().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StrongWolfe {
    /// The share of the linear decrease that is asked for, c₁, in (0, 1).
    pub sufficient_decrease: f32,
    /// The share of the slope that may be left, c₂, above c₁ and below 1.
    pub curvature: f32,
}

impl StrongWolfe {
    /// c₁ = 1e-4 and c₂ = 0.9: for directions that know their length, such as those of quasi-Newton methods.
    pub const DEFAULT: Self = Self { sufficient_decrease: 1e-4, curvature: 0.9 };

    /// c₁ = 1e-4 and c₂ = 0.1: for conjugate gradients, which rest on nearly exact steps.
    pub const CONJUGATE: Self = Self { curvature: 0.1, ..Self::DEFAULT };

    fn is_low<const N: usize, O: Objective<N> + ?Sized>(&self, line: &Line<'_, N, O>, trial: &Trial) -> bool {
        let fallen = trial.value <= line.value + self.sufficient_decrease * trial.step * line.slope;
        fallen || line.is_level(trial, self.sufficient_decrease)
    }

    fn is_flat<const N: usize, O: Objective<N> + ?Sized>(&self, line: &Line<'_, N, O>, trial: &Trial) -> bool {
        trial.slope.abs() <= -self.curvature * line.slope
    }

    /// Looks between `low`, the lowest step so far, and `high`, on the side to which φ falls from there.
    fn zoom<const N: usize, O: Objective<N> + ?Sized>(
        &self,
        line: &mut Line<'_, N, O>,
        mut low: Trial,
        mut high: Trial,
    ) -> Result<Found, Error> {
        for _ in 0..ZOOM_LIMIT {
            let step = between(&low, &high, noise(line.value));
            if line.is_lost(high.step - low.step) {
                break;
            }
            let trial = line.trial(step)?;
            if !self.is_low(line, &trial) || trial.value > low.value + noise(line.value) {
                high = trial;
                continue;
            }
            if self.is_flat(line, &trial) {
                return Ok(Found::Step(trial));
            }
            if trial.slope * (high.step - low.step) >= 0.0 {
                high = low;
            }
            low = trial;
        }
        self.settle(line, low, high)
    }

    /// Takes `best` if it is lower than the start: not flat enough, but a step.
    fn settle<const N: usize, O: Objective<N> + ?Sized>(
        &self,
        line: &mut Line<'_, N, O>,
        best: Trial,
        other: Trial,
    ) -> Result<Found, Error> {
        if best.step > 0.0 && best.value < line.value {
            let again = line.trial(best.step)?;
            // A function that says something else each time may be infinite now.
            return Ok(if again.value.is_finite() { Found::Step(again) } else { Found::Nothing });
        }
        let level = (other.value - line.value).abs() <= noise(line.value);
        Ok(if level || line.is_lost(other.step - best.step) { Found::NoChange } else { Found::Nothing })
    }
}

impl Default for StrongWolfe {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl LineSearch for StrongWolfe {
    fn search<const N: usize, O: Objective<N> + ?Sized>(&self, line: &mut Line<'_, N, O>, first: f32) -> Result<Found, Error> {
        let (mut before, mut step, mut ceiling) = (line.origin(), first, f32::INFINITY);
        if line.slope == 0.0 {
            return Ok(Found::NoChange);
        }
        if !(line.slope < 0.0 && step > 0.0 && step.is_finite()) {
            return Ok(Found::Nothing);
        }
        for _ in 0..BRACKET_LIMIT {
            let trial = line.trial(step)?;
            if !trial.value.is_finite() {
                ceiling = step;
                step = before.step + 0.25 * (ceiling - before.step);
                continue;
            }
            if !self.is_low(line, &trial) || (before.step > 0.0 && trial.value > before.value + noise(line.value)) {
                return self.zoom(line, before, trial);
            }
            if self.is_flat(line, &trial) {
                return Ok(Found::Step(trial));
            }
            if trial.slope >= 0.0 {
                return self.zoom(line, trial, before);
            }
            step = beyond(&before, &trial);
            if step >= ceiling {
                step = trial.step + 0.5 * (ceiling - trial.step);
            }
            before = trial;
        }
        self.settle(line, before, Trial { step: ceiling, ..before })
    }

    fn check(&self) -> Result<(), Error> {
        let (c1, c2) = (self.sufficient_decrease, self.curvature);
        Setting::SufficientDecrease.require(c1, c1 > 0.0 && c1 < 1.0)?;
        Setting::Curvature.require(c2, c2 > c1 && c2 < 1.0)
    }
}

/// The next step past `after`: where the slope between `before` and it leads to zero, 1.5 to 5 times the way from `before`.
fn beyond(before: &Trial, after: &Trial) -> f32 {
    let way = after.step - before.step;
    let reached = way * before.slope / (before.slope - after.slope);
    let (nearest, farthest) = (1.5 * way, 5.0 * way);
    before.step
        + if reached > nearest && reached < farthest {
            reached
        } else if reached > 0.0 && reached <= nearest {
            nearest
        } else {
            farthest
        }
}

/// A step between two trials: the minimum of the cubic through values and slopes at both, or of a parabola through their slopes
/// where values say nothing, a tenth of the way from either end at least; else the middle.
fn between(low: &Trial, high: &Trial, noise: f32) -> f32 {
    let way = high.step - low.step;
    let share = if (high.value - low.value).abs() <= noise { secant(low, high) } else { cubic(low, high, way) };
    low.step
        + way
            * if (0.1..=0.9).contains(&share) {
                share
            } else if share > 0.0 && share < 0.1 {
                0.1
            } else {
                0.5
            }
}

/// Where the slope is zero, as a share of the way, if it changes linearly.
fn secant(low: &Trial, high: &Trial) -> f32 {
    low.slope / (low.slope - high.slope)
}

/// Where the cubic has its minimum, as a share of the way (Nocedal and Wright, equation 3.59).
fn cubic(low: &Trial, high: &Trial, way: f32) -> f32 {
    let (from, to) = (low.slope * way, high.slope * way);
    let d1 = from + to - 3.0 * (high.value - low.value);
    let d2 = sqrt(d1 * d1 - from * to);
    1.0 - (to + d2 - d1) / (to - from + 2.0 * d2)
}
