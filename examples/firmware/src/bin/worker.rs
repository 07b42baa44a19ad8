//! One of several boards that train together: hears over UART0 which samples are its own and what the weights are, trains on
//! them, and answers what changed. The desktop program `parallel` is its server.
#![no_std]
#![no_main]

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use kilograd::prelude::Zero;
use kilograd_federated::{Link, Worker};
use kilograd_firmware::uart::Uart;
use static_cell::ConstStaticCell;

/// All zeros, so it takes no flash.
static WORKER: ConstStaticCell<Worker> = ConstStaticCell::new(Worker::ZERO);

#[entry]
fn main() -> ! {
    let Some(peripherals) = Peripherals::take() else { kilograd_firmware::end(false) };
    let worker = WORKER.take();
    defmt::info!("{} bytes to train in rounds; waiting for a server", size_of_val(worker));
    let mut link = Link::new(Uart::new(peripherals.SYST));
    let served = worker.serve(&mut link, &mut |event| defmt::info!("{}", event));
    match served {
        Ok(()) => defmt::info!("the server said stop: {} bytes heard, {} said", link.received, link.sent),
        Err(fault) => defmt::error!("the conversation ended: {}", fault),
    }
    kilograd_firmware::end(served.is_ok())
}
