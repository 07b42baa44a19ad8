//! RAM that behaves like the flash of a microcontroller and outlives a reset.
#![allow(unsafe_code)] // What the linker does not know of has no name but its address.

use kilograd::embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};

/// Behind the RAM of memory.x; the emulated boards have 4 MB of it.
const ADDRESS: usize = 0x2010_0000;
const PAGE: usize = 4096;
const PAGES: usize = 17;

/// 17 pages of 4 KB, written in words: an nRF52840's. There is one.
#[derive(Debug)]
pub struct RamFlash(&'static mut [u8; PAGE * PAGES]);

impl RamFlash {
    /// How many bytes it holds.
    pub const BYTES: u32 = (PAGE * PAGES) as u32;

    /// The flash, the first time.
    pub fn take() -> Option<Self> {
        let first = cortex_m::singleton!(: bool = true)?;
        // SAFETY: the board has RAM there, 4 MB from 0x2000_0000; the linker's region ends below it, so nothing else refers to
        // it; the singleton above is given once, so this reference is alone; any bytes are valid.
        first.then(|| Self(unsafe { &mut *(ADDRESS as *mut [u8; PAGE * PAGES]) }))
    }

    fn part(&mut self, at: u32, length: usize) -> &mut [u8] {
        &mut self.0[at as usize..][..length]
    }
}

impl ErrorType for RamFlash {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for RamFlash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        check_read(self, offset, bytes.len())?;
        bytes.copy_from_slice(self.part(offset, bytes.len()));
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.len()
    }
}

impl NorFlash for RamFlash {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        check_erase(self, from, to)?;
        self.part(from, (to - from) as usize).fill(0xFF);
        Ok(())
    }

    /// Clears bits, as a flash does; what is written twice without an erase is then neither.
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        check_write(self, offset, bytes.len())?;
        self.part(offset, bytes.len()).iter_mut().zip(bytes).for_each(|(cell, byte)| *cell &= byte);
        Ok(())
    }
}
