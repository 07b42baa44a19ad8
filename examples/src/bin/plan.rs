//! Plans a training before there is a board: RAM, flash and cycles of a network of any widths, and which boards hold it.

use clap::Parser;
use kilograd_examples::plan::{self, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    match plan::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
