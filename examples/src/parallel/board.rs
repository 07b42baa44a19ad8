//! A worker on an emulated board.

use super::line::Line;
use anyhow::{Context, Result, bail};
use defmt_decoder::{DecodeError, Table};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const FIRMWARE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/firmware");
const QEMU: &str = "qemu-system-arm";

/// Whether there is an emulator.
pub fn can_emulate() -> bool {
    Command::new(QEMU).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Builds the firmware `worker` and returns where it is.
///
/// # Errors
/// What the compiler said.
pub fn build() -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    // What says how to build for the desktop must not reach the board.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR"] {
        cargo.env_remove(variable);
    }
    cargo.args(["build", "--release", "--locked", "--quiet", "--bin", "worker"]).current_dir(FIRMWARE);
    let output = cargo.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("the firmware does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(Path::new(FIRMWARE).join("target/thumbv7em-none-eabihf/release/worker"))
}

/// A Cortex-M4F that runs the firmware; it stops when this is dropped.
#[derive(Debug)]
pub struct Board {
    qemu: Child,
    firmware: PathBuf,
    log: PathBuf,
}

impl Board {
    /// Starts a board and returns it with its UART0.
    ///
    /// # Errors
    /// If QEMU cannot be started.
    pub fn start(firmware: &Path) -> Result<(Self, Line)> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("kilograd-{}-{}.defmt", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let log = std::env::temp_dir().join(name);
        let mut command = Command::new(QEMU);
        command.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "stdio"]);
        command.arg("-chardev").arg(format!("file,id=log,path={}", log.display().to_string().replace(',', ",,")));
        command.args(["-semihosting-config", "enable=on,target=native,chardev=log", "-kernel"]).arg(firmware);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut qemu = command.spawn().with_context(|| format!("cannot start {QEMU}"))?;
        let (Some(stdin), Some(stdout)) = (qemu.stdin.take(), qemu.stdout.take()) else { bail!("{QEMU} has no pipes") };
        Ok((Self { qemu, firmware: firmware.to_owned(), log }, Line::of(stdin, stdout)))
    }

    /// Ends the emulation, wherever the board is.
    pub fn stop(&mut self) {
        // Both fail only if it has ended by itself.
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }

    /// What the board has said over defmt so far.
    ///
    /// # Errors
    /// If log or firmware cannot be read.
    pub fn log(&self) -> Result<Vec<String>> {
        let (firmware, bytes) = (fs::read(&self.firmware)?, fs::read(&self.log)?);
        let table = Table::parse(&firmware)?.context("the firmware has no defmt table")?;
        let mut decoder = table.new_stream_decoder();
        decoder.received(&bytes);
        let mut lines = Vec::new();
        loop {
            match decoder.decode() {
                Ok(frame) => lines.push(frame.display(false).to_string()),
                Err(DecodeError::Malformed) if table.encoding().can_recover() => {}
                Err(_) => return Ok(lines),
            }
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_file(&self.log);
    }
}
