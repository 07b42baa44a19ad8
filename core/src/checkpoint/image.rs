//! Reading a checkpoint: first whether it is whole and fits, then what it says.

use super::header::{HEADER, Header, checksum};
use super::{Error, Kind, Restore, Save, Sink, Source};
use core::convert::Infallible;

/// Bytes that are read or written at a time.
pub(super) const BLOCK: usize = 32;

/// Words of a block, as a power of two.
const BLOCK_SHIFT: u32 = 3;

/// Bytes that can be read in blocks.
pub(super) trait Blocks {
    /// What can fail.
    type Error;

    /// Reads block number `index`; what lies behind the end is zero.
    fn read(&mut self, index: usize, block: &mut [u8; BLOCK]) -> Result<(), Self::Error>;

    /// How many bytes there are.
    fn room(&self) -> usize;
}

/// The header, if it is one and what it promises has room.
pub(super) fn header<B: Blocks>(blocks: &mut B) -> Result<Header, Error<B::Error>> {
    let mut bytes = [0xFF; HEADER];
    blocks.read(0, &mut bytes).map_err(Error::Flash)?;
    let header = match Header::decode(&bytes) {
        // Nothing but the header is missing: a cut save, unless all is erased.
        Err(Error::Blank) => {
            blocks.read(1, &mut bytes).map_err(Error::Flash)?;
            return Err(if bytes.iter().all(|byte| *byte == 0xFF) { Error::Blank } else { Error::Torn });
        }
        other => other.map_err(Error::widen)?,
    };
    let room = blocks.room().saturating_sub(HEADER) >> 2;
    if usize::try_from(header.words).is_ok_and(|words| words <= room) { Ok(header) } else { Err(Error::Damaged) }
}

/// Whether the payload is what its header says, each of its sections' headings one that `accept` takes.
pub(super) fn verify<B: Blocks>(
    blocks: &mut B,
    header: &Header,
    mut accept: impl FnMut(u32) -> bool,
) -> Result<(), Error<B::Error>> {
    let (mut words, mut crc) = (Words::new(blocks, header), checksum());
    let (mut left_of_section, mut accepted) = (0, true);
    while words.left() > 0 {
        let word = words.word();
        crc.update(&word.to_le_bytes());
        if left_of_section == 0 {
            accepted &= accept(word);
            left_of_section = word & 0x00FF_FFFF;
        } else {
            left_of_section -= 1;
        }
    }
    words.finish()?;
    let whole = crc.finalize() == header.checksum && left_of_section == 0 && accepted;
    if whole { Ok(()) } else { Err(Error::Damaged) }
}

/// Puts `state` back to what was saved; changes nothing unless all of it is there and fits.
pub(super) fn restore<B: Blocks, S: Restore>(blocks: &mut B, state: &mut S) -> Result<u32, Error<B::Error>> {
    let header = header(blocks)?;
    let mut place = 0;
    verify(blocks, &header, |heading| {
        if header.shape != state.shape() {
            return true;
        }
        let mut expect = Expect { from: place, here: 0, heading, found: None, missed: false };
        state.save(&mut expect);
        place = expect.found.unwrap_or(usize::MAX);
        expect.found.is_some()
    })?;
    let expected = state.shape();
    if header.shape != expected {
        return Err(Error::Shape { found: header.shape, expected });
    }
    let mut expect = Expect { from: place, here: 0, heading: 0, found: None, missed: false };
    state.save(&mut expect);
    if expect.missed {
        return Err(Error::Damaged);
    }
    let mut words = Words::new(blocks, &header);
    state.restore(&mut words);
    words.finish().map(|()| header.sequence)
}

/// Looks for the section that a heading begins, from a place on and past optional ones only.
struct Expect {
    from: usize,
    here: usize,
    heading: u32,
    /// The place behind it.
    found: Option<usize>,
    /// Whether a section that must be there was passed.
    missed: bool,
}

impl Expect {
    fn meet(&mut self, kind: Kind, words: usize, must: bool) {
        let place = self.here;
        self.here += 1;
        if place < self.from || self.found.is_some() || self.missed {
            return;
        }
        if kind.heading(words) == self.heading {
            self.found = Some(self.here);
        } else {
            self.missed = must;
        }
    }
}

impl Sink for Expect {
    fn section(&mut self, kind: Kind, words: usize) {
        self.meet(kind, words, true);
    }

    fn optional(&mut self, kind: Kind, words: usize, _: bool) -> bool {
        self.meet(kind, words, false);
        false
    }

    fn reals(&mut self, _: &[f32]) {}

    fn words(&mut self, _: &[u32]) {}
}

/// The payload, word by word.
pub(super) struct Words<'b, B: Blocks> {
    blocks: &'b mut B,
    block: [u8; BLOCK],
    /// The index of `block`.
    loaded: Option<usize>,
    place: usize,
    end: usize,
    failed: Option<B::Error>,
}

impl<'b, B: Blocks> Words<'b, B> {
    pub fn new(blocks: &'b mut B, header: &Header) -> Self {
        let end = usize::try_from(header.words).unwrap_or_default();
        Self { blocks, block: [0; BLOCK], loaded: None, place: 0, end, failed: None }
    }

    /// Words that are left.
    fn left(&self) -> usize {
        self.end - self.place
    }

    /// The next word, without passing it; 0 at the end.
    fn peek(&mut self) -> u32 {
        if self.left() == 0 {
            return 0;
        }
        // The header takes one block.
        let index = 1 + (self.place >> BLOCK_SHIFT);
        if self.loaded != Some(index) {
            self.loaded = Some(index);
            if let Err(error) = self.blocks.read(index, &mut self.block) {
                self.failed = Some(error);
            }
        }
        let (words, _) = self.block.as_chunks::<4>();
        u32::from_le_bytes(words.get(self.place & 7).copied().unwrap_or_default())
    }

    /// Whether everything could be read.
    fn finish(self) -> Result<(), Error<B::Error>> {
        self.failed.map_or(Ok(()), |error| Err(Error::Flash(error)))
    }
}

impl<B: Blocks> Source for Words<'_, B> {
    fn section(&mut self) {
        self.word();
    }

    fn optional(&mut self, kind: Kind) -> bool {
        let is_there = self.peek() >> 24 == u32::from(kind.number());
        if is_there {
            self.word();
        }
        is_there
    }

    fn reals(&mut self, values: &mut [f32]) {
        values.iter_mut().for_each(|value| *value = self.real());
    }

    fn word(&mut self) -> u32 {
        let word = self.peek();
        self.place += usize::from(self.left() > 0);
        word
    }
}

impl Error {
    /// The same as an error of a flash that can fail.
    pub(super) fn widen<E>(self) -> Error<E> {
        match self {
            Self::Blank => Error::Blank,
            Self::Torn => Error::Torn,
            Self::Damaged => Error::Damaged,
            Self::Version { found } => Error::Version { found },
            Self::Shape { found, expected } => Error::Shape { found, expected },
            Self::NoRoom { needed, room } => Error::NoRoom { needed, room },
            Self::Geometry => Error::Geometry,
            Self::Flash(never) => match never {},
        }
    }
}

/// A slice as blocks.
impl Blocks for &[u8] {
    type Error = Infallible;

    fn read(&mut self, index: usize, block: &mut [u8; BLOCK]) -> Result<(), Infallible> {
        let (blocks, rest) = self.as_chunks::<BLOCK>();
        match blocks.get(index) {
            Some(bytes) => *block = *bytes,
            None => {
                *block = [0; BLOCK];
                let rest = if index == blocks.len() { rest } else { &[] };
                block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(())
    }

    fn room(&self) -> usize {
        self.len()
    }
}
