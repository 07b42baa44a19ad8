//! A NOR flash that misbehaves on purpose: it loses power in the middle of a write or an erase, flips bits, counts what is done
//! to it, and ends the test that writes where nothing was erased.

use kilograd::embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::cell::Cell;
use std::rc::Rc;

/// Bytes that read 0 and cannot be read otherwise are none here: what was not erased must not be written again.
const ERASED: u8 = 0xFF;
/// In how many moments of an erase power can go.
const MOMENTS: usize = 8;

/// A flash of `PAGES` pages of `PAGE` bytes that writes units of `UNIT` bytes.
#[derive(Clone, Debug)]
pub struct MockFlash<const UNIT: usize, const PAGE: usize, const PAGES: usize> {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What was done to it; a clone counts on with it.
    pub counts: Rc<Cell<Counts>>,
    /// How often each page was erased.
    pub erases: Vec<usize>,
    /// Whether each unit was written since its page was erased.
    written: Vec<bool>,
    /// Bytes to write, and moments to erase, until power goes; never if `None`.
    left: Option<usize>,
    noise: Xoshiro128PlusPlus,
}

/// What was done to a flash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bytes written.
    pub written: usize,
    /// Calls that write.
    pub writes: usize,
    /// Pages erased.
    pub erased: usize,
    /// Bytes read.
    pub read: usize,
    /// Calls that read.
    pub reads: usize,
}

/// What a flash refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Power is gone.
    Dead,
    /// A call outside its bounds or units.
    Call(NorFlashErrorKind),
}

impl NorFlashError for Refusal {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Dead => NorFlashErrorKind::Other,
            Self::Call(kind) => *kind,
        }
    }
}

impl<const UNIT: usize, const PAGE: usize, const PAGES: usize> Default for MockFlash<UNIT, PAGE, PAGES> {
    fn default() -> Self {
        Self {
            bytes: vec![ERASED; PAGE * PAGES],
            counts: Rc::default(),
            erases: vec![0; PAGES],
            written: vec![false; PAGE * PAGES / UNIT],
            left: None,
            noise: Xoshiro128PlusPlus::seed_from_u64(1),
        }
    }
}

impl<const UNIT: usize, const PAGE: usize, const PAGES: usize> MockFlash<UNIT, PAGE, PAGES> {
    /// Lets power go after so many written bytes and moments of an erase; what is garbage then follows from `seed`.
    pub fn die_after(&mut self, left: usize, seed: u64) {
        self.left = Some(left);
        self.noise = Xoshiro128PlusPlus::seed_from_u64(seed);
    }

    /// Power comes back.
    pub fn revive(&mut self) {
        self.left = None;
    }

    /// What of `wanted` there is power for.
    fn spend(&mut self, wanted: usize) -> usize {
        let spent = self.left.map_or(wanted, |left| left.min(wanted));
        self.left = self.left.map(|left| left - spent);
        spent
    }

    fn count(&self, what: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        what(&mut counts);
        self.counts.set(counts);
    }

    fn is_dead(&self) -> bool {
        self.left == Some(0)
    }

    /// An erase that was cut: each byte is erased, on the way to it, or as it was.
    fn half_erase(&mut self, from: usize) {
        for byte in &mut self.bytes[from..from + PAGE] {
            let noise = self.noise.next_u32();
            *byte |= [0, ERASED, (noise >> 8) as u8][noise as usize % 3];
        }
    }
}

impl<const UNIT: usize, const PAGE: usize, const PAGES: usize> ErrorType for MockFlash<UNIT, PAGE, PAGES> {
    type Error = Refusal;
}

impl<const UNIT: usize, const PAGE: usize, const PAGES: usize> ReadNorFlash for MockFlash<UNIT, PAGE, PAGES> {
    const READ_SIZE: usize = if UNIT < 4 { UNIT } else { 4 };

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Refusal> {
        check_read(self, offset, bytes.len()).map_err(Refusal::Call)?;
        if self.is_dead() {
            return Err(Refusal::Dead);
        }
        self.count(|counts| {
            counts.read += bytes.len();
            counts.reads += 1;
        });
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        PAGE * PAGES
    }
}

impl<const UNIT: usize, const PAGE: usize, const PAGES: usize> NorFlash for MockFlash<UNIT, PAGE, PAGES> {
    const WRITE_SIZE: usize = UNIT;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Refusal> {
        check_erase(self, from, to).map_err(Refusal::Call)?;
        for page in from as usize / PAGE..to as usize / PAGE {
            self.erases[page] += 1;
            self.count(|counts| counts.erased += 1);
            let spent = self.spend(MOMENTS);
            if spent < MOMENTS || self.is_dead() {
                // With no power left at the start nothing happens.
                if spent > 0 {
                    self.half_erase(page * PAGE);
                }
                return Err(Refusal::Dead);
            }
            self.bytes[page * PAGE..][..PAGE].fill(ERASED);
            self.written[page * PAGE / UNIT..][..PAGE / UNIT].fill(false);
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Refusal> {
        check_write(self, offset, bytes.len()).map_err(Refusal::Call)?;
        let offset = offset as usize;
        let units = &self.written[offset / UNIT..][..bytes.len() / UNIT];
        if !self.is_dead() {
            assert!(units.iter().all(|written| !written), "bytes at {offset} are written again without an erase");
            assert!(self.bytes[offset..][..bytes.len()].iter().all(|byte| *byte == ERASED), "{offset}: not erased");
        }
        let spent = self.spend(bytes.len());
        self.count(|counts| {
            counts.writes += 1;
            counts.written += spent;
        });
        self.bytes[offset..][..spent].copy_from_slice(&bytes[..spent]);
        self.written[offset / UNIT..][..spent.div_ceil(UNIT)].fill(true);
        if spent == bytes.len() && !self.is_dead() {
            return Ok(());
        }
        // What of the last unit was not written yet may be half way.
        for at in spent..(spent.next_multiple_of(UNIT)).min(bytes.len()) {
            self.bytes[offset + at] &= bytes[at] | self.noise.next_u32() as u8;
        }
        Err(Refusal::Dead)
    }
}
