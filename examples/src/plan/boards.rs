//! A few boards: what a program may use of them.

/// A board, or a chip.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// Its name.
    pub name: &'static str,
    /// Its core; the cycles are a Cortex-M4F's.
    pub core: &'static str,
    /// Bytes of flash.
    pub flash: u64,
    /// Bytes of RAM in one piece.
    pub ram: u64,
    /// MHz.
    pub clock: u32,
}

const KB: u64 = 1024;

/// From the smallest RAM to the largest. Not yet compared with the data sheets, which are: STMicroelectronics' data sheets DS11451 (STM32L432xC), DS10314 (STM32F411xE) and
/// DS12110 (STM32H743xI: of its 1 MB the largest piece, AXI SRAM), Nordic Semiconductor's product specifications of nRF52832,
/// nRF52833 (micro:bit V2) and nRF52840 (Arduino Nano 33 BLE), Raspberry Pi's data sheets of RP2350 and Pico 2.
#[rustfmt::skip] // A line each.
pub const BOARDS: [Board; 8] = [
    Board { name: "STM32L432KC", core: "M4F", flash: 256 * KB, ram: 64 * KB, clock: 80 },
    Board { name: "nRF52832", core: "M4F", flash: 512 * KB, ram: 64 * KB, clock: 64 },
    Board { name: "micro:bit V2", core: "M4F", flash: 512 * KB, ram: 128 * KB, clock: 64 },
    Board { name: "STM32F411RE", core: "M4F", flash: 512 * KB, ram: 128 * KB, clock: 100 },
    Board { name: "nRF52840", core: "M4F", flash: 1024 * KB, ram: 256 * KB, clock: 64 },
    Board { name: "Arduino Nano 33 BLE", core: "M4F", flash: 1024 * KB, ram: 256 * KB, clock: 64 },
    Board { name: "STM32H743ZI", core: "M7", flash: 2048 * KB, ram: 512 * KB, clock: 480 },
    Board { name: "Pico 2 (RP2350)", core: "M33", flash: 4096 * KB, ram: 520 * KB, clock: 150 },
];
