//! A save in short slices.

use super::header::{Checksum, HEADER, Header, checksum};
use super::pack::{Length, Window};
use super::{Error, Save, Slots};
use core::fmt;
use embedded_storage::nor_flash::NorFlash;

/// How far a save in slices is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "what is not saved to its end is not saved"]
pub enum Progress {
    /// There is more to do.
    Going,
    /// Saved, as the checkpoint of this number.
    Saved(u32),
}

/// A save in slices ([`Slots::begin`]), each of which does a stated amount of work: one page is erased, or so many words are
/// written. Between slices the program does what it must: samples sensors, serves a radio, infers.
///
/// What is saved is one state: it is **borrowed** until the last slice, so training is paused, or goes on with a copy
/// ([`Memory::copy_from`](crate::train::Memory::copy_from)) while the original is saved; anything else does not compile. Dropped
/// before its end, or cut by power, the save has not happened, and the checkpoint before it stands.
///
/// ```
/// use kilograd::checkpoint::{Progress, Save, Slots};
/// # use embedded_storage::nor_flash::NorFlash;
///
/// fn save_between_samples<F: NorFlash>(slots: &mut Slots<F>, state: &impl Save, sample: impl Fn()) -> Option<u32> {
///     let mut saving = slots.begin(state).ok()?;
///     loop {
///         match saving.advance(16).ok()? {
///             Progress::Going => sample(),
///             Progress::Saved(number) => return Some(number),
///         }
///     }
/// }
/// ```
pub struct Saving<'s, F, S> {
    slots: &'s mut Slots<F>,
    state: &'s S,
    second: bool,
    sequence: u32,
    /// Words of the payload.
    words: usize,
    /// Bytes of the slot erased so far.
    erased: u32,
    /// Words of the payload and then of the header written so far.
    written: usize,
    crc: Checksum,
}

/// Words of a header.
const HEADER_WORDS: usize = HEADER >> 2;

impl<'s, F: NorFlash, S: Save> Saving<'s, F, S> {
    /// Words that a flash writes at once, if these are more than one: a power of two, and 8 at most.
    const UNIT: usize = if F::WRITE_SIZE > 4 { F::WRITE_SIZE >> 2 } else { 1 };

    pub(super) fn new(slots: &'s mut Slots<F>, state: &'s S) -> Result<Self, Error<F::Error>> {
        let words = Length::of(state, usize::try_from(slots.size).unwrap_or_default())?;
        let (second, sequence) = match slots.newest() {
            Some((second, sequence)) => (!second, sequence.wrapping_add(1)),
            None => (false, 1),
        };
        Ok(Self { slots, state, second, sequence, words, erased: 0, written: 0, crc: checksum() })
    }

    /// Erases one page, or writes `words` words at most (or one unit of the flash, if that is more).
    ///
    /// # Errors
    /// [`Error::Flash`] if the flash fails; another call begins anew with the first page.
    pub fn advance(&mut self, words: usize) -> Result<Progress, Error<F::Error>> {
        self.slice(words).map_err(|error| {
            (self.erased, self.written, self.crc) = (0, 0, checksum());
            Error::Flash(error)
        })
    }

    fn slice(&mut self, words: usize) -> Result<Progress, F::Error> {
        let needed = HEADER + 4 * self.words;
        if usize::try_from(self.erased).is_ok_and(|erased| erased < needed) {
            return self.erase().map(|()| Progress::Going);
        }
        let words = (words & !(Self::UNIT - 1)).max(Self::UNIT);
        match self.words.checked_sub(self.written) {
            Some(left @ 1..) => self.write_payload(words.min(left))?,
            _ => self.write_header(words)?,
        }
        if self.written < self.words + HEADER_WORDS {
            return Ok(Progress::Going);
        }
        let [first, second] = &mut self.slots.holds;
        *(if self.second { second } else { first }) = Ok(self.sequence);
        Ok(Progress::Saved(self.sequence))
    }

    /// Erases the next page, the one with the old header first: what it belonged to is then none any more.
    fn erase(&mut self) -> Result<(), F::Error> {
        let [first, second] = &mut self.slots.holds;
        *(if self.second { second } else { first }) = Err(Error::Torn);
        let from = self.slots.address(self.second) + self.erased;
        let page = u32::try_from(F::ERASE_SIZE).unwrap_or(self.slots.size);
        self.slots.flash.erase(from, from + page)?;
        self.erased += page;
        Ok(())
    }

    fn write_payload(&mut self, words: usize) -> Result<(), F::Error> {
        let mut at = self.slots.address(self.second) + bytes(HEADER_WORDS + self.written);
        let (flash, mut result) = (&mut self.slots.flash, Ok(()));
        let mut window = Window::new(self.written, words, &mut self.crc, |block| {
            if result.is_ok() {
                result = flash.write(at, block);
                at += u32::try_from(block.len()).unwrap_or_default();
            }
        });
        self.state.save(&mut window);
        window.finish(F::WRITE_SIZE);
        self.written += words;
        result
    }

    fn write_header(&mut self, words: usize) -> Result<(), F::Error> {
        let header = Header {
            shape: self.state.shape(),
            sequence: self.sequence,
            words: u32::try_from(self.words).unwrap_or(u32::MAX),
            checksum: self.crc.clone().finalize(),
        };
        let from = self.written - self.words;
        let words = words.min(HEADER_WORDS - from);
        let header = header.encode();
        let part = header.get(4 * from..4 * (from + words)).unwrap_or_default();
        self.slots.flash.write(self.slots.address(self.second) + bytes(from), part)?;
        self.written += words;
        Ok(())
    }
}

/// How far it is.
impl<F, S> fmt::Debug for Saving<'_, F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Saving");
        fields.field("sequence", &self.sequence).field("words", &self.words).field("written", &self.written);
        fields.finish_non_exhaustive()
    }
}

/// Words as bytes.
fn bytes(words: usize) -> u32 {
    u32::try_from(4 * words).unwrap_or(u32::MAX)
}
