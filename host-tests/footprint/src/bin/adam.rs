//! Adam, one sample a step.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_footprint::end;
use kilograd_footprint::training::{ADAM_RATE, Net, train};

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory<Net, Adam> = Memory::ZERO;
    // An error would show in the weights.
    let _ = train(MEMORY, Adam::DEFAULT, ADAM_RATE);
    end()
}
