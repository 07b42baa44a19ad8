//! Two places for checkpoints in a NOR flash, used in turn.

use super::header::{HEADER, Header};
use super::image::{self, BLOCK, Blocks};
use super::{Error, Progress, Restore, Save, Saving};
use core::convert::Infallible;
use core::ops::Range;
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};

/// Two slots of flash. A checkpoint is saved into the one that does not hold the newest whole checkpoint, its header last: a
/// power cut at any moment, an erase's middle included, leaves the old one or the new one, whole.
///
/// *Wear:* a save erases each page that it needs once and writes each word once; a page is erased every other save.
/// *Memory:* 40 bytes and the flash's driver; no buffer but 32 bytes of stack.
///
/// ```
/// use kilograd::checkpoint::{Error, Slots};
/// use kilograd::prelude::*;
/// # use embedded_storage::nor_flash::{ErrorType, NorFlash, ReadNorFlash};
/// # use std::convert::Infallible;
/// # struct Flash([u8; 8192]);
/// # impl ErrorType for Flash { type Error = Infallible; }
/// # impl ReadNorFlash for Flash {
/// #     const READ_SIZE: usize = 1;
/// #     fn read(&mut self, at: u32, bytes: &mut [u8]) -> Result<(), Infallible> {
/// #         bytes.copy_from_slice(&self.0[at as usize..][..bytes.len()]);
/// #         Ok(())
/// #     }
/// #     fn capacity(&self) -> usize { self.0.len() }
/// # }
/// # impl NorFlash for Flash {
/// #     const WRITE_SIZE: usize = 4;
/// #     const ERASE_SIZE: usize = 1024;
/// #     fn erase(&mut self, from: u32, to: u32) -> Result<(), Infallible> {
/// #         self.0[from as usize..to as usize].fill(0xFF);
/// #         Ok(())
/// #     }
/// #     fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Infallible> {
/// #         self.0[at as usize..][..bytes.len()].copy_from_slice(bytes);
/// #         Ok(())
/// #     }
/// # }
/// # let flash = Flash([0xFF; 8192]);
///
/// type Ram = Memory<network![2 => 4 => Tanh => 1], Adam>;
/// let mut slots = Slots::open(flash, 4096..8192).unwrap();
/// let mut memory = Ram::ZERO;
/// match slots.load(&mut memory) {
///     Ok(_) => {}                                        // resume
///     Err(Error::Blank) => memory.network.bias_to_one(), // the first start
///     Err(error) => panic!("{error}"),                   // say why, start anew
/// }
/// # trait Start { fn bias_to_one(&mut self); }
/// # impl<P: Parameters> Start for P { fn bias_to_one(&mut self) { self.visit_mut(&mut |group| group.fill(1.0)) } }
/// assert_eq!(slots.save(&memory), Ok(1));
/// ```
#[derive(Debug)]
pub struct Slots<F> {
    pub(super) flash: F,
    start: u32,
    /// Bytes of a slot.
    pub(super) size: u32,
    /// Which checkpoint each slot holds, or why none.
    pub(super) holds: [Result<u32, Error>; 2],
}

impl<F: NorFlash> Slots<F> {
    /// Looks at `range` of `flash`, half of which is a slot: what is in it stays.
    ///
    /// # Errors
    /// [`Error::Geometry`] if the halves are no whole pages, or lie outside the flash, or if the flash reads or writes units
    /// that do not divide 32 bytes; [`Error::Flash`] if it fails.
    pub fn open(flash: F, range: Range<u32>) -> Result<Self, Error<F::Error>> {
        let page = u32::try_from(F::ERASE_SIZE).map_err(|_| Error::Geometry)?;
        let bytes = range.end.checked_sub(range.start).ok_or(Error::Geometry)?;
        let is_inside = usize::try_from(range.end).is_ok_and(|end| end <= flash.capacity());
        let is_whole = [range.start, bytes >> 1].iter().all(|at| at.checked_rem(page) == Some(0)) && bytes & 1 == 0;
        let units = [F::READ_SIZE, F::WRITE_SIZE].iter().all(|unit| BLOCK.checked_rem(*unit) == Some(0));
        let pages = F::ERASE_SIZE.checked_rem(BLOCK) == Some(0);
        if !(is_inside && is_whole && units && pages && bytes > 0) {
            return Err(Error::Geometry);
        }
        let mut slots = Self { flash, start: range.start, size: bytes >> 1, holds: [Err(Error::Blank); 2] };
        for second in [false, true] {
            let found = slots.look(second);
            slots.note(second, found)?;
        }
        Ok(slots)
    }

    /// Puts `state` back to what the newest whole checkpoint holds, and returns its number.
    ///
    /// # Errors
    /// If there is none: [`Error::Blank`] if nothing was ever saved, else why what is there cannot be used
    /// ([`Error::Damaged`], [`Error::Version`], [`Error::Torn`]). [`Error::Shape`] if there is one of other shapes; `state` is
    /// then as it was, as after every error but one: a flash that fails after it could be read once.
    pub fn load<S: Restore>(&mut self, state: &mut S) -> Result<u32, Error<F::Error>> {
        // Twice at most: what was whole when it was looked at may no longer be.
        while let Some((second, _)) = self.newest() {
            match image::restore(&mut self.slot(second), state) {
                Err(error @ (Error::Blank | Error::Torn | Error::Damaged | Error::Version { .. })) => {
                    self.note(second, Err(error))?;
                }
                done => return done,
            }
        }
        Err(self.why().widen())
    }

    /// Saves `state` and returns the checkpoint's number.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if a slot is too small, [`Error::Flash`] if the flash fails: what was saved before stands.
    pub fn save<S: Save>(&mut self, state: &S) -> Result<u32, Error<F::Error>> {
        let mut saving = self.begin(state)?;
        loop {
            if let Progress::Saved(sequence) = saving.advance(usize::MAX)? {
                return Ok(sequence);
            }
        }
    }

    /// Begins to save `state` in slices: see [`Saving`].
    ///
    /// # Errors
    /// [`Error::NoRoom`] if a slot is too small.
    pub fn begin<'s, S: Save>(&'s mut self, state: &'s S) -> Result<Saving<'s, F, S>, Error<F::Error>> {
        Saving::new(self, state)
    }

    /// The number of the newest whole checkpoint, of whatever shape.
    pub fn sequence(&self) -> Option<u32> {
        self.newest().map(|(_, sequence)| sequence)
    }

    /// Gives the flash back.
    pub fn release(self) -> F {
        self.flash
    }

    /// The slot of the newest whole checkpoint (whether it is the second) and its number.
    pub(super) fn newest(&self) -> Option<(bool, u32)> {
        match self.holds {
            // The numbers wrap around.
            [Ok(first), Ok(second)] if second.wrapping_sub(first) < 1 << 31 => Some((true, second)),
            [Ok(first), _] => Some((false, first)),
            [Err(_), Ok(second)] => Some((true, second)),
            [Err(_), Err(_)] => None,
        }
    }

    /// Where a slot begins.
    pub(super) fn address(&self, second: bool) -> u32 {
        self.start + if second { self.size } else { 0 }
    }

    fn slot(&mut self, second: bool) -> Slot<'_, F> {
        Slot { start: self.address(second), size: self.size, flash: &mut self.flash }
    }

    /// The number of the whole checkpoint in a slot.
    fn look(&mut self, second: bool) -> Result<u32, Error<F::Error>> {
        let slot = &mut self.slot(second);
        let header: Header = image::header(slot)?;
        image::verify(slot, &header, |_| true).map(|()| header.sequence)
    }

    /// Keeps what was found in a slot, unless the flash failed.
    fn note(&mut self, second: bool, found: Result<u32, Error<F::Error>>) -> Result<(), Error<F::Error>> {
        let [first, other] = &mut self.holds;
        *(if second { other } else { first }) = match found {
            Ok(sequence) => Ok(sequence),
            Err(Error::Blank) => Err(Error::Blank),
            Err(Error::Torn) => Err(Error::Torn),
            Err(Error::Version { found }) => Err(Error::Version { found }),
            Err(error @ Error::Flash(_)) => return Err(error),
            Err(_) => Err(Error::Damaged),
        };
        Ok(())
    }

    /// Why there is no whole checkpoint: of two reasons the one that says more.
    fn why(&self) -> Error {
        let reasons = [Error::Damaged, Error::Torn];
        let of = |wanted: &dyn Fn(&Error<Infallible>) -> bool| {
            self.holds.iter().filter_map(|held| held.err()).find(|error| wanted(error))
        };
        of(&|error| matches!(error, Error::Version { .. }))
            .or_else(|| reasons.into_iter().find_map(|reason| of(&|error| *error == reason)))
            .unwrap_or(Error::Blank)
    }
}

/// One of two slots, as blocks.
struct Slot<'f, F> {
    flash: &'f mut F,
    start: u32,
    size: u32,
}

impl<F: ReadNorFlash> Blocks for Slot<'_, F> {
    type Error = F::Error;

    fn read(&mut self, index: usize, block: &mut [u8; BLOCK]) -> Result<(), F::Error> {
        match u32::try_from(index).ok().and_then(|index| index.checked_mul(32)).filter(|at| *at < self.size) {
            Some(at) => self.flash.read(self.start + at, block),
            None => {
                *block = [0; BLOCK];
                Ok(())
            }
        }
    }

    fn room(&self) -> usize {
        usize::try_from(self.size).unwrap_or_default()
    }
}

const _: () = assert!(HEADER == BLOCK && BLOCK == 32);
