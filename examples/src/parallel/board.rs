//! A worker on an emulated board.

use super::line::Line;
use anyhow::{Context, Result, bail};
use defmt_decoder::{DecodeError, Table};
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

const FIRMWARE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/firmware");
const QEMU: &str = "qemu-system-arm";
/// How long a board may take to open its line.
const PATIENCE: Duration = Duration::from_secs(30);

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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port for a board's serial line")?;
        let mut command = Command::new(QEMU);
        command.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "chardev:uart"]);
        let port = listener.local_addr()?.port();
        command.arg("-chardev").arg(format!("socket,id=uart,host=127.0.0.1,port={port},nodelay=on"));
        command.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(firmware);
        // Semihosting, and so defmt, writes to QEMU's own output.
        let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(output).stderr(Stdio::null());
        let qemu = command.spawn().with_context(|| format!("cannot start {QEMU}"))?;
        let mut board = Self { qemu, firmware: firmware.to_owned(), log };
        let uart = board.accept(&listener)?;
        uart.set_nodelay(true)?;
        Ok((board, Line::of(uart.try_clone()?, uart)))
    }

    /// Waits for the board to open its line, but not for ever.
    fn accept(&mut self, listener: &TcpListener) -> Result<TcpStream> {
        listener.set_nonblocking(true)?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Ok((uart, _)) = listener.accept() {
                uart.set_nonblocking(false)?;
                return Ok(uart);
            }
            if let Some(status) = self.qemu.try_wait()? {
                bail!("{QEMU} ended before it opened the serial line: {status}");
            }
            sleep(Duration::from_millis(5));
        }
        bail!("{QEMU} did not open the serial line in {} s", PATIENCE.as_secs())
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
