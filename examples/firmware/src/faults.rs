//! What must not happen, said over defmt before the program ends: a firmware never hangs silently.
#![allow(unsafe_code)] // A fault handler's signature is an unsafe fn.

use core::panic::PanicInfo;
use cortex_m_rt::{ExceptionFrame, exception};
use semihosting::process;

/// The exit status of a program that broke, apart from 1 for one that did not learn.
const BROKEN: i32 = 2;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    defmt::error!("panic: {}", defmt::Display2Format(info));
    process::exit(BROKEN)
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    defmt::error!("hard fault at {=u32:#010x}, called from {=u32:#010x}", frame.pc(), frame.lr());
    process::exit(BROKEN)
}

#[exception]
unsafe fn DefaultHandler(number: i16) -> ! {
    defmt::error!("unexpected interrupt {}", number);
    process::exit(BROKEN)
}
