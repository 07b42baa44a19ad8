//! Every layer there is, for as long as it takes to be sure of the bits.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd::prelude::*;
use kilograd_firmware as _;
use kilograd_tasks::every_layer::{self, Net};
use semihosting::process;
use static_cell::ConstStaticCell;

static MEMORY: ConstStaticCell<Memory<Net, Adam>> = ConstStaticCell::new(Memory::ZERO);

#[entry]
fn main() -> ! {
    match every_layer::train(MEMORY.take(), 200) {
        Ok(weights) => {
            defmt::info!("weights {=u64:016x}", weights);
            process::exit(0)
        }
        Err(error) => {
            defmt::error!("training stopped: {}", error);
            process::exit(1)
        }
    }
}
