//! Races all optimizers on handwritten digits, iris flowers and Rosenbrock's function, and draws one picture of it.

use clap::Parser;
use kilograd_examples::optimizers::{self, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    match optimizers::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
