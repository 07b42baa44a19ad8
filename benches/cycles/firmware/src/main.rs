//! Runs kernels and training steps between markers that the QEMU plugin `cortex-cycles` counts between.
//!
//! ```text
//! measure.rs       a region: its name and its work to the host, its code between two markers
//! kernels.rs       the slice kernels of kilograd-simd
//! steps.rs         whole training steps of kilograd
//! layers.rs        layers, forward and backward
//! parallel.rs      a worker's answers
//! rules.rs         update rules of kilograd
//! search.rs        searches over an objective, an iteration each
//! slices.rs        steps in slices of bounded work
//! solvers.rs       an iteration of each solver
//! tensor_rules.rs  a step of the rules that see a whole tensor
//! training.rs      averages, monitors and orders of samples
//! ```
//!
//! Whether the kernels' assembly computes the right bits is the business of another firmware, bin/orders.
#![no_std]
#![no_main]

mod kernels;
mod layers;
mod measure;
mod parallel;
mod rules;
mod search;
mod slices;
mod solvers;
mod steps;
mod tensor_rules;
mod training;

use core::panic::PanicInfo;
use cortex_m as _; // the critical section that printing needs
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;

#[entry]
fn main() -> ! {
    kernels::run();
    steps::run();
    layers::run();
    parallel::run();
    rules::run();
    search::run();
    slices::run();
    solvers::run();
    tensor_rules::run();
    training::run();
    loop {
        debug::exit(EXIT_SUCCESS);
    }
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    hprintln!("{}", info);
    loop {
        debug::exit(EXIT_FAILURE);
    }
}
