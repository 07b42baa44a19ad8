//! Writes the figures of `benches/cycles/run`, read from standard input, into the table of chapter 8, and its copy in `docs`:
//! `benches/cycles/run | cargo run -p kilograd-host-tests --bin chapter8`.

use kilograd_host_tests::board::root;
use kilograd_host_tests::chapter8::{COPY, SOURCE, with_cycles, without_links};
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
    let source = root().join(SOURCE);
    let text = fs::read_to_string(&source).map_err(|error| format!("{SOURCE}: {error}"))?;
    let text = with_cycles(&text, &table)?;
    fs::write(source, &text).map_err(|error| format!("{SOURCE}: {error}"))?;
    fs::write(root().join(COPY), without_links(&text)).map_err(|error| format!("{COPY}: {error}"))
}
