//! Runs kernels and training steps between markers that the QEMU plugin `cortex-cycles` counts between.
//!
//! ```text
//! measure.rs  a region: its name and its work to the host, its code between two markers
//! kernels.rs  the slice kernels of kilograd-simd
//! parallel.rs a worker's answers
//! steps.rs    whole training steps of kilograd
//! ```
//!
//! Whether the kernels' assembly computes the right bits is the business of another firmware, bin/orders.
#![no_std]
#![no_main]

mod kernels;
mod measure;
mod parallel;
mod steps;

use core::panic::PanicInfo;
use cortex_m as _; // the critical section that printing needs
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;

#[entry]
fn main() -> ! {
    kernels::run();
    steps::run();
    parallel::run();
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
