//! Adam: two more numbers for each weight.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_firmware::EPOCHS;
use kilograd_tasks::digits::{ADAM_RATE, Net};
use static_cell::ConstStaticCell;

/// All zeros, so it takes no flash.
static MEMORY: ConstStaticCell<Memory<Net, Adam>> = ConstStaticCell::new(Memory::ZERO);

#[entry]
fn main() -> ! {
    kilograd_firmware::train(MEMORY.take(), Adam::DEFAULT, ADAM_RATE, 1, EPOCHS)
}
