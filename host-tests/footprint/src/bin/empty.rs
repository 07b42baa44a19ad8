//! Nothing: what a firmware takes before it trains.
#![no_std]
#![no_main]

use cortex_m_rt::entry;

#[entry]
fn main() -> ! {
    kilograd_footprint::end()
}
