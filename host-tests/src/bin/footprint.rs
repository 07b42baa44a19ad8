//! Builds the smallest firmwares that train a 64-32-10 network, runs them on an emulated Cortex-M4F, and prints what they take
//! of flash and RAM, and what of the flash is taken by what.

use kilograd_host_tests::footprint::{Footprint, Symbol};

/// How many of the largest functions are listed.
const LISTED: usize = 12;

fn main() {
    let weighed = ["sgd", "adam"].map(|name| (name, Footprint::of(name)));
    println!("| firmware | flash beyond an empty one | statics | stack | RAM |");
    println!("|---|--:|--:|--:|--:|");
    for (name, footprint) in &weighed {
        let Footprint { flash, statics, stack, .. } = footprint;
        println!("| {name} | {flash} | {statics} | {stack} | {} |", footprint.ram_bytes());
    }
    for (name, footprint) in &weighed {
        println!("\n{name}, the largest functions and statics:");
        for Symbol { name, size, .. } in footprint.symbols.iter().take(LISTED) {
            println!("{size:>6} {:#}", rustc_demangle::demangle(name));
        }
    }
}
