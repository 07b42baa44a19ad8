//! A program that is only linked, never run: `panic-never` has no body for a panic, so a single bounds check or division that
//! the compiler could not rule out, anywhere below, fails the link.
#![no_std]
#![no_main]

mod first_light;
mod rules;
mod tensors;

use cortex_m_rt::entry;
use panic_never as _;

#[entry]
fn main() -> ! {
    loop {
        first_light::run();
        rules::run();
        tensors::run();
    }
}
