//! A learning rate that is wrong: training is refused, the reason stands in the log, and the exit status is 1.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_tasks::digits::Net;
use static_cell::ConstStaticCell;

static MEMORY: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);

#[entry]
fn main() -> ! {
    kilograd_firmware::train(MEMORY.take(), Sgd, -0.02, 1, 10)
}
