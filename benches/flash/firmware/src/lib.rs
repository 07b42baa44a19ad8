//! What the three firmwares share: a network that trains a little, and a flash whose driver is the least there can be.
#![no_std]
#![forbid(unsafe_code)]

use core::hint::black_box;
use kilograd::embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use kilograd::prelude::*;
use panic_halt as _;

/// What is trained and saved.
pub type Ram = Memory<network![64 => 32 => Relu => 10], Adam>;

/// Its flash: 16 pages of slots, or 18 of a log.
pub const PAGES: usize = 18;

/// A step.
pub fn train(memory: &mut Ram) -> bool {
    let (input, label) = black_box((Vector::new([0.5; 64]), 3));
    let trainer = Trainer::new(memory, CrossEntropy::default(), Adam::DEFAULT, 0.01);
    trainer.and_then(|mut trainer| trainer.step(&input, &label)).is_ok()
}

/// A flash that is not there.
pub struct NoFlash;

impl ErrorType for NoFlash {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for NoFlash {
    const READ_SIZE: usize = 1;

    #[inline(never)]
    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        black_box((offset, bytes));
        black_box(Ok(()))
    }

    fn capacity(&self) -> usize {
        PAGES * 4096
    }
}

impl NorFlash for NoFlash {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = 4096;

    #[inline(never)]
    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        black_box((from, to));
        black_box(Ok(()))
    }

    #[inline(never)]
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        black_box((offset, bytes));
        black_box(Ok(()))
    }
}
