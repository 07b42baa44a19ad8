//! RAM painted before the firmware starts, and read when it has ended: all by QEMU, so that the firmware holds nothing that
//! measures.

use super::Image;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{fs, process, thread};

/// No value that a program is likely to push.
const PAINT: u8 = 0xC5;
/// Where RAM begins.
const ORIGIN: u64 = 0x2000_0000;
/// A firmware that takes longer than this hangs.
const TIMEOUT: Duration = Duration::from_secs(60);

/// RAM when the firmware had ended.
#[derive(Clone, Debug)]
pub struct Ram {
    /// Bytes of stack from its start down to the last that was overwritten.
    pub stack: u64,
    /// All bytes from the beginning of RAM up to the stack's start.
    pub bytes: Vec<u8>,
}

impl Ram {
    /// Whether these numbers lie somewhere in it.
    pub fn holds(&self, numbers: &[f32]) -> bool {
        let sought: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        self.bytes.windows(sought.len()).any(|window| window == sought)
    }
}

/// Runs a firmware on an emulated Cortex-M4F up to its reset.
///
/// # Panics
/// If QEMU is missing or the firmware does not end.
pub fn run(image: &Image) -> Ram {
    let [paint, dump] = ["paint", "dump"].map(|name| scratch(image, name));
    let free = image.stack_start - image.stack_end;
    fs::write(&paint, vec![PAINT; usize::try_from(free).expect("RAM fits")]).expect("a scratch file can be written");
    let mut qemu = Qemu::start(image, &format!("loader,file={},addr={},force-raw=on", paint.display(), image.stack_end));
    qemu.ask(json!({ "execute": "qmp_capabilities" }));
    qemu.ask(json!({ "execute": "cont" }));
    qemu.wait_for("SHUTDOWN");
    let length = image.stack_start - ORIGIN;
    qemu.ask(json!({ "execute": "pmemsave", "id": "saved", "arguments": { "val": ORIGIN, "size": length, "filename": dump } }));
    qemu.wait_for("saved");
    let bytes = fs::read(&dump).expect("QEMU wrote it");
    for file in [paint, dump] {
        let _ = fs::remove_file(file);
    }
    let statics = usize::try_from(image.stack_end - ORIGIN).expect("RAM fits");
    let untouched = bytes[statics..].iter().take_while(|byte| **byte == PAINT).count();
    assert!(untouched > 0, "the stack has reached the statics");
    Ram { stack: free - untouched as u64, bytes }
}

fn scratch(image: &Image, name: &str) -> PathBuf {
    image.path.with_extension(format!("{}.{name}", process::id()))
}

/// QEMU, spoken to in its machine protocol: a line of JSON for each command, answer and event.
struct Qemu {
    process: Child,
    lines: Receiver<String>,
}

impl Qemu {
    fn start(image: &Image, device: &str) -> Self {
        let mut qemu = Command::new("qemu-system-arm");
        qemu.args(["-machine", "mps2-an386", "-display", "none", "-serial", "none", "-monitor", "none", "-qmp", "stdio"]);
        // It waits to be told, and pauses at the reset, with RAM as it is.
        qemu.args(["-S", "-no-reboot", "-no-shutdown", "-device", device, "-kernel"]).arg(&image.path);
        let mut process =
            qemu.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("qemu-system-arm: host-tests/run installs it");
        let output = BufReader::new(process.stdout.take().expect("is piped"));
        let (sender, lines) = channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut qemu = Self { process, lines };
        qemu.wait_for("QMP");
        qemu
    }

    fn ask(&mut self, command: Value) {
        let input = self.process.stdin.as_mut().expect("is piped");
        writeln!(input, "{command}").expect("QEMU listens");
    }

    /// Waits for the event of this name, the answer to the command with this identifier, or the greeting.
    fn wait_for(&mut self, name: &str) {
        loop {
            let line = self.lines.recv_timeout(TIMEOUT).unwrap_or_else(|error| panic!("QEMU never said {name}: {error}"));
            let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("QEMU said {line}: {error}"));
            assert!(said.get("error").is_none(), "QEMU said {line}");
            if said["event"] == name || said["id"] == name || said.get(name).is_some() {
                return;
            }
        }
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
