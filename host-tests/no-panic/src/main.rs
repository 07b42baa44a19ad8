//! A program that is only linked, never run: `panic-never` has no body for a panic, so a single bounds check or division that
//! the compiler could not rule out, anywhere below, fails the link.
//!
//! Random numbers come from `SplitMix64`. At level z `rand_xoshiro`'s other generators keep a check of a seed's length that always
//! holds, once a program makes one in two places.
#![no_std]
#![no_main]

mod checkpoints;
mod distributed;
mod first_light;
mod guard;
mod layers;
mod parts;
mod passes;
mod rules;
mod schedules;
mod search;
mod slices;
mod solvers;
mod structure;
mod tensors;
mod training;

use cortex_m_rt::entry;
use panic_never as _;

#[entry]
fn main() -> ! {
    loop {
        checkpoints::run();
        distributed::run();
        first_light::run();
        guard::run();
        layers::run();
        parts::run();
        passes::run();
        rules::run();
        schedules::run();
        search::run();
        slices::run();
        solvers::run();
        structure::run();
        tensors::run();
        training::run();
    }
}
