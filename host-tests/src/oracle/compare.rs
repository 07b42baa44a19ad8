//! A case's values against the library's, and how far they may differ.
//!
//! The tolerances are those of `oracle/README.md`: at least ten times what the references' own single-precision runs need,
//! and far less than any wrong formula causes.

use super::{Case, Trouble};
use std::collections::BTreeSet;
use std::fmt;

/// How far a value may lie from the expected one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tolerance {
    /// Not at all: the same number once the expected one is rounded to single precision.
    Exact,
    /// By a share of the expected value and, where that is near zero and a share of it means nothing, by the lesser of two.
    Within {
        /// Share of the expected value.
        relative: f64,
        /// What is allowed near zero …
        absolute: f64,
        /// … and no more than this share of the largest expected magnitude.
        of_largest: f64,
        /// Whose largest magnitude that is.
        group: Group,
    },
}

/// Which values are of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// All of the tensor.
    Tensor,
    /// Those with the same place in every entry of the leading axis: one parameter over all steps.
    Column,
}

/// What a matrix product sums rounds to the size of its terms, not of the sum: measured 7.4e-7.
pub(super) const LAYER: Tolerance = of_largest(1e-5, Group::Tensor);
/// Normalisation: measured 2.3e-7.
pub(super) const NORM: Tolerance = of_largest(1e-5, Group::Tensor);
/// The same where a column is nearly constant or far from zero: measured 2.4e-5. A variance in one pass fails.
pub(super) const NORM_ILL_CONDITIONED: Tolerance = of_largest(2e-4, Group::Tensor);
/// Measured: 1e-6 of the value and 5.3e-7.
pub(super) const ACTIVATION: Tolerance = near_zero(4e-6, 1e-6);
/// A loss near zero comes from a probability near one, which is rounded to 6e-8.
pub(super) const LOSS: Tolerance = near_zero(1e-5, 1e-7);
/// Extreme logits must not hide what ordinary ones beside them do: so a share of each value, and near zero no more than
/// a probability's last bits.
pub(super) const LOSS_GRADIENT: Tolerance =
    Tolerance::Within { relative: 1e-5, absolute: 1e-6, of_largest: 1e-5, group: Group::Tensor };
/// Twenty steps: measured 9e-7. Each parameter for itself, because recorded gradients range from 1e-24 to 1e4.
pub(super) const OPTIMIZER: Tolerance = of_largest(1e-5, Group::Column);
/// The same on a quadratic, which couples the parameters: what one rounds, the gradient passes on to the others.
pub(super) const COUPLED: Tolerance = of_largest(1e-5, Group::Tensor);
/// `1 − β₂` formed in single precision is 4.7e-5 too large for 0.999; the bias correction takes it out of the step.
pub(super) const SECOND_MOMENT: Tolerance = of_largest(5e-5, Group::Column);
/// One norm and one multiplication.
pub(super) const CLIPPING: Tolerance = of_largest(1e-5, Group::Tensor);
/// Losses of the first steps of a training run: measured 5.4e-7.
pub(super) const FIRST_LOSSES: Tolerance = near_zero(1e-4, 0.0);
/// Losses, outputs and scores after all of its epochs: measured 3.3e-6.
pub(super) const LATER_LOSSES: Tolerance = near_zero(1e-3, 0.0);
/// What the trained network says: its outputs differ as its losses do.
pub(super) const OUTPUTS: Tolerance = of_largest(1e-3, Group::Tensor);
/// Statistics of a data set are summed in double precision, in an order of their own, and then rounded once.
pub(super) const STATISTICS: Tolerance = near_zero(1.2e-7, 0.0);

/// A share of each value and a fixed part.
pub(super) const fn near_zero(relative: f64, absolute: f64) -> Tolerance {
    Tolerance::Within { relative, absolute, of_largest: f64::INFINITY, group: Group::Tensor }
}

/// A share of the largest value.
pub(super) const fn of_largest(of_largest: f64, group: Group) -> Tolerance {
    Tolerance::Within { relative: 0.0, absolute: f64::INFINITY, of_largest, group }
}

impl Tolerance {
    fn allowed(self, want: f64, largest: f64) -> f64 {
        match self {
            Self::Exact => 0.0,
            // What single precision cannot hold with all its digits is not asked for.
            Self::Within { relative, absolute, of_largest, .. } => {
                relative * want.abs() + absolute.min(of_largest * largest) + f64::from(f32::MIN_POSITIVE)
            }
        }
    }

    /// Whether values are measured against the largest of their column.
    fn by_column(self) -> bool {
        matches!(self, Self::Within { group: Group::Column, .. })
    }
}

/// One tensor that differs, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Its name in the case.
    pub tensor: String,
    /// What was measured.
    pub what: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.tensor, self.what)
    }
}

/// Collects where the library differs from a case.
pub(super) struct Comparison<'c> {
    case: &'c Case,
    compared: BTreeSet<String>,
    comparisons: usize,
    mismatches: Vec<Mismatch>,
}

impl<'c> Comparison<'c> {
    /// Nothing compared yet.
    pub fn new(case: &'c Case) -> Self {
        Self { case, compared: BTreeSet::new(), comparisons: 0, mismatches: Vec::new() }
    }

    /// Compares `got` with the case's output `name`.
    pub fn output(&mut self, name: &str, got: &[f32], tolerance: Tolerance) -> Result<(), Trouble> {
        let want = self.case.expected(name)?;
        self.covers(name);
        let got: Vec<f64> = got.iter().copied().map(f64::from).collect();
        let columns = if tolerance.by_column() { want.values.len() / want.shape.first().unwrap_or(&1).max(&1) } else { 1 };
        self.grouped(name, &got, &want.values, columns.max(1), tolerance);
        Ok(())
    }

    /// Compares numbers that are not a tensor of their own in the case.
    pub fn values(&mut self, name: &str, got: &[f64], want: &[f64], tolerance: Tolerance) {
        self.grouped(name, got, want, 1, tolerance);
    }

    /// Notes that `name` fails unless it `holds`.
    pub fn require(&mut self, name: &str, holds: bool, what: impl FnOnce() -> String) {
        self.comparisons += 1;
        if !holds {
            self.mismatches.push(Mismatch { tensor: name.into(), what: what() });
        }
    }

    /// Whether everything compared so far agrees.
    pub fn agrees(&self) -> bool {
        self.mismatches.is_empty()
    }

    /// Notes that the case's output `name` is compared.
    pub fn covers(&mut self, name: &str) {
        self.compared.insert(name.into());
    }

    /// Where the library differs. An output that was compared with nothing counts: a case must not pass half checked.
    pub fn finish(mut self) -> Vec<Mismatch> {
        for name in self.case.out.keys().filter(|name| !self.compared.contains(*name)) {
            let what = "recorded, but there is nothing to compare it with: teach the runner this output".into();
            self.mismatches.push(Mismatch { tensor: name.clone(), what });
        }
        if self.comparisons == 0 {
            self.mismatches.push(Mismatch { tensor: "the case".into(), what: "holds nothing to compare".into() });
        }
        self.mismatches
    }

    /// Compares values of which each `columns`-th belongs to one group.
    fn grouped(&mut self, name: &str, got: &[f64], want: &[f64], columns: usize, tolerance: Tolerance) {
        if got.len() != want.len() {
            return self.require(name, false, || format!("{} values instead of {}", got.len(), want.len()));
        }
        let mut largest = vec![0.0_f64; columns];
        for (index, want) in want.iter().enumerate().filter(|(_, want)| want.is_finite()) {
            largest[index % columns] = largest[index % columns].max(want.abs());
        }
        let pairs = got.iter().zip(want).enumerate();
        let excess =
            pairs.map(|(index, (got, want))| Excess::of(index, *got, *want, tolerance.allowed(*want, largest[index % columns])));
        let worst = excess.max_by(|a, b| a.ratio.total_cmp(&b.ratio));
        self.require(name, worst.as_ref().is_none_or(|worst| worst.ratio <= 1.0), || {
            worst.map(|w| w.to_string()).unwrap_or_default()
        });
    }
}

/// How far one element is off, as a share of what is allowed.
struct Excess {
    index: usize,
    got: f64,
    want: f64,
    allowed: f64,
    ratio: f64,
}

impl Excess {
    fn of(index: usize, got: f64, want: f64, allowed: f64) -> Self {
        let rounded = f64::from(want as f32);
        let ratio = if got == rounded || (got.is_nan() && want.is_nan()) {
            0.0
        } else if !rounded.is_finite() || !got.is_finite() {
            f64::INFINITY
        } else {
            (got - want).abs() / allowed
        };
        Self { index, got, want, allowed, ratio }
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, got, want, allowed, .. } = self;
        let single = *got as f32;
        write!(f, "element {index} is {single:e} instead of {want:e}: off by {:.2e}, tolerance {allowed:.2e}", (got - want).abs())
    }
}
