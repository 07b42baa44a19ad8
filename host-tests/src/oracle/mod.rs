//! Runs recorded reference cases (schema `kilograd-oracle/1`, see `oracle/README.md`) against the library.
//!
//! ```text
//! ops/       what each `op` of the schema means to the library, one family a file; the table is in ops/mod.rs
//! report     what came of a folder
//! compare    a case's values against the library's; every tolerance and its reason
//! schema     files and cases; tensor: the numbers in them
//! ```
//!
//! A case asks for an `op`. One that the library has is run through its public interface; one that it lacks is counted as
//! not implemented. Nothing depends on which cases a folder holds: shapes, seeds and settings are all read from it.

mod compare;
mod ops;
mod report;
mod schema;
mod tensor;

pub use compare::Mismatch;
pub use ops::{implemented, tasks};
pub use report::{Failure, Report};
pub use schema::{Case, Document, Error};

use compare::Comparison;
use std::path::Path;

/// Why a case was not run to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The library does not have what the case asks for.
    NotImplemented(String),
    /// The case lacks something, or says what the schema does not allow.
    Malformed(String),
    /// The library refused what the reference accepts, or the runner cannot hold it.
    Failed(String),
}

impl From<kilograd::Error> for Trouble {
    fn from(error: kilograd::Error) -> Self {
        Self::Failed(format!("the library refused: {error}"))
    }
}

/// Runs every case of every `*.json` in `folder`.
///
/// # Errors
/// [`Error`] if the folder cannot be read or holds no case, or if a file does not follow the schema.
pub fn run_folder(folder: &Path) -> Result<Report, Error> {
    Ok(run(&Document::load_folder(folder)?))
}

/// Runs every case of `documents`. One that does not follow the schema has failed.
pub fn run(documents: &[Document]) -> Report {
    let mut report = Report::default();
    for document in documents {
        for case in &document.cases {
            match run_case(document, case) {
                Ok(mismatches) => report.ran(document, case, mismatches),
                Err(Trouble::NotImplemented(what)) => report.lacks(what),
                Err(Trouble::Failed(what) | Trouble::Malformed(what)) => {
                    report.ran(document, case, vec![Mismatch { tensor: "the case".into(), what }]);
                }
            }
        }
    }
    report
}

/// Runs one case and returns where the library differs: nothing, if it passes.
///
/// # Errors
/// [`Trouble`] if it could not be run to its end.
pub fn run_case(document: &Document, case: &Case) -> Result<Vec<Mismatch>, Trouble> {
    let Some(run) = ops::find(&case.op) else { return Err(Trouble::NotImplemented(case.op.clone())) };
    let mut comparison = Comparison::new(case);
    run(case, document, &mut comparison)?;
    Ok(comparison.finish())
}
