//! Runs a folder of reference cases: `cargo run --release -p kilograd-host-tests --bin oracle -- FOLDER`.
//!
//! Exit status: 0 if every case that was run passed, 1 if one failed, 2 if the folder could not be run.

use kilograd_host_tests::oracle;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [folder] = arguments.as_slice() else {
        return refuse("name one folder of reference cases, such as host-tests/oracle");
    };
    match oracle::run_folder(Path::new(folder)) {
        Err(error) => refuse(&error.to_string()),
        Ok(report) => {
            println!("{report}");
            match (report.failed, report.ran_any()) {
                (_, false) => refuse("the library implements none of these cases: nothing was checked"),
                (0, true) => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn refuse(what: &str) -> ExitCode {
    eprintln!("oracle: {what}");
    ExitCode::from(2)
}
