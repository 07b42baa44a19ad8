//! Stochastic gradient descent, one sample a step.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_footprint::end;
use kilograd_footprint::training::{Net, SGD_RATE, train};

#[entry]
fn main() -> ! {
    static mut MEMORY: Memory<Net, Sgd> = Memory::ZERO;
    // An error would show in the weights.
    let _ = train(MEMORY, Sgd, SGD_RATE);
    end()
}
