//! UART0 of Arm's MPS2 boards (CMSDK APB UART), polled; no crate on the registry drives it.
#![allow(unsafe_code)] // Registers.

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use embedded_io::{ErrorKind, ErrorType, Read, Write};

/// The registers (Arm DDI 0479, section 4.3): data, state, control, interrupts, baud rate divisor, a word each.
const DATA: *mut u32 = 0x4000_4000 as *mut u32;
const STATE: *mut u32 = 0x4000_4004 as *mut u32;
const CONTROL: *mut u32 = 0x4000_4008 as *mut u32;
const DIVISOR: *mut u32 = 0x4000_4010 as *mut u32;

/// In `STATE`: a byte waits to be sent, a byte waits to be read.
const TRANSMIT_FULL: u32 = 1;
const RECEIVE_FULL: u32 = 2;
/// In `CONTROL`: transmitter and receiver are on.
const ENABLE: u32 = 3;
/// 25 MHz / 217 = 115,207 baud; an emulated line does not mind.
const DIVISOR_115200: u32 = 217;

/// The largest count of the 24-bit SysTick: a period of 0.67 s at the board's 25 MHz.
const PERIOD: u32 = 0x00FF_FFFF;
/// How many periods to wait for a byte: a minute.
const PATIENCE: u32 = 90;

/// The serial line. A read or write that waits for more than a minute fails.
pub struct Uart {
    clock: SYST,
}

impl Uart {
    /// Turns the line on. SysTick measures how long it is silent.
    pub fn new(mut clock: SYST) -> Self {
        clock.set_clock_source(SystClkSource::Core);
        clock.set_reload(PERIOD);
        clock.clear_current();
        clock.enable_counter();
        write(DIVISOR, DIVISOR_115200);
        write(CONTROL, ENABLE);
        Self { clock }
    }

    fn wait(&mut self, ready: impl Fn(u32) -> bool) -> Result<(), ErrorKind> {
        let mut periods = 0;
        while !ready(read(STATE)) {
            periods += u32::from(self.clock.has_wrapped());
            if periods > PATIENCE {
                return Err(ErrorKind::TimedOut);
            }
        }
        Ok(())
    }
}

impl ErrorType for Uart {
    type Error = ErrorKind;
}

impl Read for Uart {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, ErrorKind> {
        let Some(byte) = bytes.first_mut() else { return Ok(0) };
        self.wait(|state| state & RECEIVE_FULL != 0)?;
        *byte = read(DATA) as u8;
        Ok(1)
    }
}

impl Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        let Some(byte) = bytes.first() else { return Ok(0) };
        self.wait(|state| state & TRANSMIT_FULL == 0)?;
        write(DATA, u32::from(*byte));
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

fn read(register: *mut u32) -> u32 {
    // SAFETY: only called with the aligned registers above, which an MPS2 board has, and which this file alone touches.
    unsafe { register.read_volatile() }
}

fn write(register: *mut u32, value: u32) {
    // SAFETY: as above; none of the registers makes the hardware write to memory.
    unsafe { register.write_volatile(value) }
}
