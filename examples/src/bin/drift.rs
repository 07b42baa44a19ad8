//! A stream of digits changes twice. A network that watches its own error notices, trains until it reads the new ones, and stops.

use clap::Parser;
use kilograd_examples::drift::{self, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    match drift::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
