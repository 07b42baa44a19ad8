//! Writing a checkpoint's payload, any part of it at a time.

use super::header::{Checksum, HEADER};
use super::image::BLOCK;
use super::{Error, Kind, Save, Sink};

/// What a heading can say of a section's length.
const LONGEST: usize = 0x00FF_FFFF;

/// Counts words.
#[derive(Default)]
pub(super) struct Length {
    words: usize,
    /// The longest section.
    longest: usize,
}

impl Length {
    /// The words that `state` takes in `room` bytes, the header with them.
    pub fn of<E>(state: &impl Save, room: usize) -> Result<usize, Error<E>> {
        let mut length = Self::default();
        state.save(&mut length);
        let needed = HEADER + 4 * length.words;
        let room = if length.longest > LONGEST { 4 * LONGEST } else { room };
        if needed <= room { Ok(length.words) } else { Err(Error::NoRoom { needed, room }) }
    }
}

impl Sink for Length {
    fn section(&mut self, _: Kind, words: usize) {
        self.words += 1;
        self.longest = self.longest.max(words);
    }

    fn reals(&mut self, values: &[f32]) {
        self.words += values.len();
    }

    fn words(&mut self, values: &[u32]) {
        self.words += values.len();
    }
}

/// Passes on some of the words, as blocks of bytes: `take` words after the first `skip`.
///
/// What is walked again for every part are the groups, not the words in them: a slice of a save costs little more than what
/// it writes.
pub(super) struct Window<'c, F> {
    skip: usize,
    take: usize,
    block: [u8; BLOCK],
    filled: usize,
    crc: &'c mut Checksum,
    write: F,
}

impl<'c, F: FnMut(&[u8])> Window<'c, F> {
    pub fn new(skip: usize, take: usize, crc: &'c mut Checksum, write: F) -> Self {
        Self { skip, take, block: [0xFF; BLOCK], filled: 0, crc, write }
    }

    fn put(&mut self, length: usize, word: impl Fn(usize) -> Option<u32>) {
        let passed = self.skip.min(length);
        self.skip -= passed;
        let taken = self.take.min(length - passed);
        self.take -= taken;
        (passed..passed + taken).filter_map(word).for_each(|word| self.word(word));
    }

    fn word(&mut self, word: u32) {
        let bytes = word.to_le_bytes();
        self.crc.update(&bytes);
        if let Some(place) = self.block.get_mut(self.filled..).and_then(|rest| rest.first_chunk_mut()) {
            *place = bytes;
            self.filled += bytes.len();
        }
        if self.filled == BLOCK {
            (self.write)(&self.block);
            self.block = [0xFF; BLOCK];
            self.filled = 0;
        }
    }

    /// Writes what is left, filled up to a multiple of `unit` bytes (a power of two) as erased flash is.
    pub fn finish(mut self, unit: usize) {
        let mask = unit.saturating_sub(1);
        let length = (self.filled + mask) & !mask;
        if let Some(rest) = self.block.get(..length).filter(|rest| !rest.is_empty()) {
            (self.write)(rest);
        }
    }
}

impl<F: FnMut(&[u8])> Sink for Window<'_, F> {
    fn section(&mut self, kind: Kind, words: usize) {
        self.put(1, |_| Some(kind.heading(words)));
    }

    fn reals(&mut self, values: &[f32]) {
        self.put(values.len(), |index| values.get(index).map(|x| x.to_bits()));
    }

    fn words(&mut self, values: &[u32]) {
        self.put(values.len(), |index| values.get(index).copied());
    }
}
