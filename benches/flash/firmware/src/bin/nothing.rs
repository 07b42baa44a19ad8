//! Trains and forgets.
#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use flash_firmware::{Ram, train};
use kilograd::tensor::Zero;

#[entry]
fn main() -> ! {
    let mut memory = black_box(Ram::ZERO);
    loop {
        black_box(train(&mut memory));
    }
}
