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

/// A firmware that trains in a static by one of the functions of [`training`].
#[macro_export]
macro_rules! firmware {
    ($train:ident, $memory:ty, $rule:expr, $rate:ident) => {
        #[cortex_m_rt::entry]
        fn main() -> ! {
            static mut MEMORY: $memory = kilograd::tensor::Zero::ZERO;
            // An error would show in the weights.
            let _ = $crate::training::$train(MEMORY, $rule, $crate::training::$rate);
            $crate::end()
        }
    };
}
