//! Stochastic gradient descent, nothing remembered but the weights.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_firmware::EPOCHS;
use kilograd_tasks::digits::{Net, SGD_RATE};
use static_cell::ConstStaticCell;

/// All zeros, so it takes no flash.
static MEMORY: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);

#[entry]
fn main() -> ! {
    kilograd_firmware::train(MEMORY.take(), Sgd, SGD_RATE, 1, EPOCHS)
}
