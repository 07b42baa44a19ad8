//! What came of a folder.

use super::{Case, Document, Mismatch};
use std::collections::BTreeMap;
use std::fmt;

/// How many cases passed, failed, or ask for what the library lacks.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Cases whose every value agrees.
    pub passed: usize,
    /// Cases of which at least one value does not.
    pub failed: usize,
    /// Where they differ, one for each tensor.
    pub failures: Vec<Failure>,
    /// What the library lacks, and how many cases ask for it.
    pub not_implemented: BTreeMap<String, usize>,
}

/// One tensor that differs.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The file's name.
    pub file: String,
    /// The case's id.
    pub case: String,
    /// What differs, and how far.
    pub mismatch: Mismatch,
}

impl Report {
    /// Takes the result of a case.
    pub(super) fn ran(&mut self, document: &Document, case: &Case, mismatches: Vec<Mismatch>) {
        match mismatches.is_empty() {
            true => self.passed += 1,
            false => self.failed += 1,
        }
        let failure = |mismatch| Failure { file: document.name.clone(), case: case.id.clone(), mismatch };
        self.failures.extend(mismatches.into_iter().map(failure));
    }

    /// Counts a case that asks for `what` the library lacks.
    pub(super) fn lacks(&mut self, what: String) {
        *self.not_implemented.entry(what).or_default() += 1;
    }
}

/// A line for each failure, a line for each op not implemented, and the counts.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Failure { file, case, mismatch } in &self.failures {
            writeln!(f, "FAILED {file} {case}: {mismatch}")?;
        }
        for (what, cases) in &self.not_implemented {
            writeln!(f, "not implemented: {what} ({cases} {})", if *cases == 1 { "case" } else { "cases" })?;
        }
        let not_implemented: usize = self.not_implemented.values().sum();
        write!(f, "{} passed, {} failed, {not_implemented} not implemented", self.passed, self.failed)
    }
}
