//! Writes the figures of `benches/cycles/run`, read from standard input, into the pages that show them: the results in
//! `benches/README.md`, those in `README.md`, and the table of chapter 8 with its copy in `docs`:
//! `benches/cycles/run | cargo run -p kilograd-host-tests --bin chapter8`.

use kilograd_host_tests::board::root;
use kilograd_host_tests::chapter8::{COPY, RESULTS, SOURCE, with_cycles, with_results, without_links};
use std::process::ExitCode;
use std::{fs, io};

fn main() -> ExitCode {
    match update() {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("chapter8: {what}");
            ExitCode::FAILURE
        }
    }
}

fn update() -> Result<(), String> {
    let table = io::read_to_string(io::stdin()).map_err(|error| error.to_string())?;
    for page in RESULTS {
        write(page, &with_results(&read(page)?, &table))?;
    }
    let chapter8 = with_cycles(&read(SOURCE)?, &table)?;
    write(SOURCE, &chapter8)?;
    write(COPY, &without_links(&chapter8))
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

fn write(path: &str, text: &str) -> Result<(), String> {
    fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))
}
