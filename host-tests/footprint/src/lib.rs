//! Firmwares that do nothing but train, or nothing at all. No code in them measures: what does paints the emulated board's
//! RAM before they start, and reads it when they have ended (`host-tests/src/footprint`).
#![no_std]
#![forbid(unsafe_code)]

pub mod training;

use cortex_m::peripheral::SCB;
use panic_never as _;

/// Resets the board: QEMU stops there.
pub fn end() -> ! {
    SCB::sys_reset()
}
