//! Trains a network on handwritten digits, one sample a step, and shows how well it does.

use clap::Parser;
use kilograd_examples::digits::{self, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    match digits::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
