//! Runs a folder of reference cases: `cargo run --release -p kilograd-host-tests --bin oracle -- FOLDER`.
//!
//! Exit status: 0 if no case failed, 1 if one did, 2 if the folder could not be read.

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
            if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

fn refuse(what: &str) -> ExitCode {
    eprintln!("oracle: {what}");
    ExitCode::from(2)
}
