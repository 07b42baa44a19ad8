//! Stochastic gradient descent, one sample a step.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_footprint::{Net, end, train};

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory<Net, Sgd> = Memory::ZERO;
    let _ = train(MEMORY, Sgd, 0.02);
    end()
}
