//! Puts memory.x where the linker finds it: that of FIRMWARE_MACHINE, or an nRF52840's. (No memory.x may lie beside it:
//! the linker would take that.)

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let machine = env::var("FIRMWARE_MACHINE").unwrap_or_default();
    let named = Path::new("memory").join(&machine).with_extension("x");
    let memory = if named.is_file() { named } else { Path::new("memory").join("nrf52840.x") };
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    let regions = fs::read_to_string(&memory)?;
    fs::write(Path::new(&out).join("memory.x"), &regions)?;
    let ram = regions.split("RAM : ORIGIN = 0x").nth(1).and_then(|ram| ram.split(',').next());
    println!("cargo::rustc-env=RAM_ORIGIN={}", ram.unwrap_or_default());
    println!("cargo::rustc-link-search={}", Path::new(&out).display());
    println!("cargo::rerun-if-changed=memory");
    println!("cargo::rerun-if-env-changed=FIRMWARE_MACHINE");
    Ok(())
}
