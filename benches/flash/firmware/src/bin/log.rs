//! Trains, loads and saves in a log.
#![no_std]
#![no_main]

#[path = "../../../log_store.rs"]
mod log_store;

use core::hint::black_box;
use cortex_m_rt::entry;
use flash_firmware::{NoFlash, Ram, train};
use kilograd::tensor::Zero;
use log_store::LogStore;

#[entry]
fn main() -> ! {
    let mut memory = black_box(Ram::ZERO);
    let mut log = LogStore::open(NoFlash, 0..18 * 4096).ok().flatten();
    if let Some(log) = &mut log {
        black_box(log.load(&mut memory).is_ok());
    }
    loop {
        black_box(train(&mut memory));
        if let Some(log) = &mut log {
            black_box(log.save(&memory).is_ok());
        }
    }
}
