//! Firmwares built and run on emulated boards.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// How often the firmware sees every sample if it is not told.
const EPOCHS: u32 = 10;

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

/// A command that builds for a board: what says how to build for the desktop must not reach it.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    command
}

/// A machine that QEMU emulates.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// QEMU's name for it.
    pub name: &'static str,
    /// The target that its core runs.
    pub target: &'static str,
    /// The firmware's memory map for it, where an nRF52840's does not do.
    pub memory: Option<&'static str>,
}

/// Builds the firmware `name` of `folder` and runs it as its configuration says for `target`, or for its default.
///
/// # Panics
/// If it does not build, or QEMU or qemu-run is missing: `host-tests/run` installs them.
pub fn run(folder: &str, name: &str, target: Option<&str>) -> Run {
    let mut cargo = cargo_run(folder, name);
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    finish(cargo, name)
}

/// Builds `examples/firmware`'s `name` for a machine, with these features, to see every sample `epochs` times,
/// and runs it there. One at a time: the images of two machines may have one name.
///
/// # Panics
/// If it does not build, or QEMU or qemu-run is missing: `host-tests/run` installs them.
pub fn run_on(machine: Machine, name: &str, epochs: u32, features: &[&str]) -> Run {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock();
    let mut cargo = cargo_run("examples/firmware", name);
    let runner = format!("CARGO_TARGET_{}_RUNNER", machine.target.to_uppercase().replace(['-', '.'], "_"));
    cargo.args(["--target", machine.target]).env(runner, format!("qemu-run --machine {}", machine.name));
    if let Some(memory) = machine.memory {
        cargo.env("FIRMWARE_MACHINE", memory);
    }
    if epochs != EPOCHS {
        cargo.env("FIRMWARE_EPOCHS", epochs.to_string());
    }
    cargo.args(["--features", &features.join(",")]);
    finish(cargo, name)
}

fn cargo_run(folder: &str, name: &str) -> Command {
    let mut cargo = command(env!("CARGO"));
    cargo.args(["run", "--release", "--locked", "--bin", name]).current_dir(root().join(folder));
    cargo
}

fn finish(mut cargo: Command, name: &str) -> Run {
    let output = cargo.output().expect("cargo can be started");
    let log = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!log.is_empty(), "no log from {name}:\n{}", String::from_utf8_lossy(&output.stderr));
    Run { log, status: output.status.code() }
}
