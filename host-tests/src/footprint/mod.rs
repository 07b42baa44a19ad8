//! What a firmware takes: flash by its ELF, RAM by its ELF and a painted stack.
//!
//! ```text
//! image   sections and symbols of an ELF
//! paint   RAM painted before the firmware starts, and read when it has ended
//! ```

mod image;
mod paint;

pub use image::{Image, Symbol};
pub use paint::{Ram, run};

use crate::board::{command, root};
use std::path::PathBuf;

/// Those that train: by rule, and by way to take a step.
pub const FIRMWARES: [&str; 9] = [
    "sgd",
    "momentum",
    "adam",
    "sgd-mini-batch",
    "momentum-mini-batch",
    "adam-mini-batch",
    "sgd-batch",
    "momentum-batch",
    "adam-batch",
];

/// Builds a firmware of `host-tests/footprint` and returns its ELF.
///
/// # Panics
/// If it does not build: `host-tests/run` installs what it needs.
pub fn build(name: &str) -> Image {
    let folder = root().join("host-tests/footprint");
    let mut cargo = command(env!("CARGO"));
    cargo.args(["build", "--release", "--locked", "--bin", name]).current_dir(&folder);
    let output = cargo.output().expect("cargo can be started");
    assert!(output.status.success(), "{name}:\n{}", String::from_utf8_lossy(&output.stderr));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| folder.join("target"), PathBuf::from);
    Image::read(&target.join("thumbv7em-none-eabihf/release").join(name))
}

/// What one of the firmwares takes.
#[derive(Clone, Debug)]
pub struct Footprint {
    /// Bytes of flash beyond the firmware that does nothing, without the samples.
    pub flash: u64,
    /// Bytes of RAM that the linker placed.
    pub statics: u64,
    /// Bytes of stack that were written to.
    pub stack: u64,
    /// All symbols of the firmware.
    pub symbols: Vec<Symbol>,
    /// RAM when the training had ended.
    pub ram: Ram,
}

impl Footprint {
    /// Builds and runs the firmware `name`, and weighs it against the empty one.
    ///
    /// # Panics
    /// If it does not build or run.
    pub fn of(name: &str) -> Self {
        let (empty, image) = (build("empty"), build(name));
        let ram = run(&image);
        Self {
            flash: image.flash - image.symbol("SAMPLES").size - empty.flash,
            statics: image.statics,
            stack: ram.stack,
            symbols: image.symbols,
            ram,
        }
    }

    /// Its row in the table of `host-tests/footprint/README.md`.
    pub fn row(&self, name: &str) -> String {
        let Self { flash, statics, stack, .. } = self;
        format!("| {name} | {flash} | {statics} | {stack} | {} |", self.ram_bytes())
    }

    /// Bytes of RAM, stack and all.
    pub fn ram_bytes(&self) -> u64 {
        self.statics + self.stack
    }
}
