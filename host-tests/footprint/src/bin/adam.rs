//! Adam, one sample a step.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_footprint::{Net, end, train};

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory<Net, Adam> = Memory::ZERO;
    let _ = train(MEMORY, Adam::DEFAULT, 0.001);
    end()
}
