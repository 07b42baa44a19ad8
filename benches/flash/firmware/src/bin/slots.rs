//! Trains, loads and saves in two slots.
#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use flash_firmware::{NoFlash, Ram, train};
use kilograd::checkpoint::Slots;
use kilograd::tensor::Zero;

#[entry]
fn main() -> ! {
    let mut memory = black_box(Ram::ZERO);
    let mut slots = Slots::open(NoFlash, 0..16 * 4096).ok();
    if let Some(slots) = &mut slots {
        black_box(slots.load(&mut memory).is_ok());
    }
    loop {
        black_box(train(&mut memory));
        if let Some(slots) = &mut slots {
            black_box(slots.save(&memory).is_ok());
        }
    }
}
