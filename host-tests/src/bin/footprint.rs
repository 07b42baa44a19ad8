//! Builds the smallest firmwares that train a 64-32-10 network, runs them on an emulated Cortex-M4F, and prints what they take
//! of flash and RAM: the table of host-tests/footprint/README.md. Given the name of one, lists what takes its flash.

use kilograd_host_tests::footprint::{FIRMWARES, Footprint, Symbol};

/// How many of the largest functions are listed.
const LISTED: usize = 15;

fn main() {
    if let Some(name) = std::env::args().nth(1) {
        for Symbol { name, size, .. } in Footprint::of(&name).symbols.iter().take(LISTED) {
            println!("{size:>6} {:#}", rustc_demangle::demangle(name));
        }
        return;
    }
    println!("| firmware | flash beyond an empty one | statics | stack | RAM |");
    println!("|---|--:|--:|--:|--:|");
    for name in FIRMWARES {
        println!("{}", Footprint::of(name).row(name));
    }
}
