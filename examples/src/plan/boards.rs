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

/// From the smallest RAM to the largest. Flash and RAM are those of the Zephyr project's device trees (`dts/arm/st/l4/stm32l432Xc.dtsi`,
/// `dts/arm/st/f4/stm32f411Xe.dtsi`, `dts/arm/st/h7/stm32h743.dtsi` with its `Xi`: of 1 MB the largest piece, AXI SRAM;
/// `dts/arm/nordic/nrf52832_qfaa.dtsi`, `nrf52833_qiaa.dtsi` of the micro:bit V2, `nrf52840_qiaa.dtsi` of the Arduino too), clocks those of
/// its pages on the boards; the Pico 2's are Raspberry Pi's.
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
