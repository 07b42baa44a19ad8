//! Every search over an objective, and where it ends: the desktop must end at the same bits.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use kilograd_firmware as _; // the log and what happens on a fault
use semihosting::process;

#[entry]
fn main() -> ! {
    match kilograd_tasks::searches::run() {
        Ok(ends) => {
            for (name, bits) in ends {
                defmt::info!("{} ends at {=u64:016x}", name, bits);
            }
            process::exit(0)
        }
        Err(error) => {
            defmt::error!("a search was refused: {}", error);
            process::exit(1)
        }
    }
}
