//! Firmwares built and run on an emulated board.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a firmware said over defmt, and how it ended.
#[derive(Debug)]
pub struct Run {
    /// Its log, a line each.
    pub log: String,
    /// Its exit status; `None` if QEMU was killed.
    pub status: Option<i32>,
}

impl Run {
    /// What follows `prefix` in the log, up to the end of the line.
    ///
    /// # Panics
    /// If no line holds it: the firmware did not get that far.
    pub fn after(&self, prefix: &str) -> &str {
        let line = self.log.lines().find_map(|line| line.split_once(prefix));
        line.unwrap_or_else(|| panic!("the firmware never said {prefix:?}:\n{}", self.log)).1
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds the firmware `name` and runs it on an emulated Cortex-M4F.
///
/// # Panics
/// If it does not build, or QEMU or qemu-run is missing: `host-tests/run` installs them.
pub fn run(name: &str) -> Run {
    let mut cargo = Command::new(env!("CARGO"));
    // What cargo tells the test about the desktop's build must not reach the firmware's.
    for (variable, _) in std::env::vars() {
        if variable.starts_with("CARGO_") || variable == "RUSTFLAGS" {
            cargo.env_remove(variable);
        }
    }
    let output = cargo
        .args(["run", "--release", "--locked", "--bin", name])
        .current_dir(root().join("examples/firmware"))
        .output()
        .expect("cargo can be started");
    let log = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!log.is_empty(), "no log from {name}:\n{}", String::from_utf8_lossy(&output.stderr));
    Run { log, status: output.status.code() }
}
