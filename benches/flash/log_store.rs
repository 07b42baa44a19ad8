// The other way to keep checkpoints: in a log, the queue of `sequential-storage`, an item for each chunk and a last one that says
// that all of them are there. Measured against `Slots` by `benches/flash/run`; shared by a desktop program and a firmware.

use core::ops::Range;
use embassy_embedded_hal::adapter::BlockingAsync;
use embassy_futures::block_on;
use kilograd::checkpoint::{Kind, Restore, Save, Sink, Source};
use kilograd::embedded_storage::nor_flash::NorFlash;
use sequential_storage::Error;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::queue::{QueueConfig, QueueStorage};

/// Words of an item: its checkpoint's number, its place, and what it holds. Four to a page of 4 KB.
const ITEM: usize = 252;
const HEAD: usize = 2;
/// The place of the item that ends a checkpoint.
const END: u32 = u32::MAX;

type NoCache = Cache<Uncached, Uncached, Uncached>;
type Queue<F> = QueueStorage<BlockingAsync<F>, NoCache>;
type Failure<F> = Error<<F as kilograd::embedded_storage::nor_flash::ErrorType>::Error>;

/// Checkpoints in a log.
pub struct LogStore<F: NorFlash> {
    queue: Queue<F>,
    /// The number and the shape of the newest whole checkpoint.
    newest: Option<(u32, u64)>,
}

impl<F: NorFlash> LogStore<F> {
    /// Looks through the log. `None` if the range is none.
    pub fn open(flash: F, range: Range<u32>) -> Result<Option<Self>, Failure<F>> {
        let Ok(config) = QueueConfig::try_new(range) else { return Ok(None) };
        let mut queue = Queue::new(BlockingAsync::new(flash), config, Cache::new_uncached());
        let mut newest = None;
        let mut buffer = [0; 4 * ITEM];
        let mut items = block_on(queue.iter())?;
        while let Some(item) = block_on(items.next(&mut buffer))? {
            if let ([number, END, low, high], _) = heads(&item) {
                newest = Some((number, u64::from(low) | u64::from(high) << 32));
            }
        }
        Ok(Some(Self { queue, newest }))
    }

    /// Saves, over what is oldest.
    pub fn save<S: Save>(&mut self, state: &S) -> Result<u32, Failure<F>> {
        let number = self.newest.map_or(1, |(number, _)| number.wrapping_add(1));
        let mut place = 0;
        loop {
            let mut chunk = Chunk { skip: place, words: [0; ITEM], filled: HEAD };
            state.save(&mut chunk);
            if chunk.filled == HEAD {
                break;
            }
            [chunk.words[0], chunk.words[1]] = [number, place as u32];
            self.push(&chunk.words[..chunk.filled])?;
            place += chunk.filled - HEAD;
        }
        let shape = state.shape();
        self.push(&[number, END, shape as u32, (shape >> 32) as u32])?;
        self.newest = Some((number, shape));
        Ok(number)
    }

    fn push(&mut self, words: &[u32]) -> Result<(), Failure<F>> {
        let mut bytes = [0; 4 * ITEM];
        bytes.as_chunks_mut().0.iter_mut().zip(words).for_each(|(to, word)| *to = word.to_le_bytes());
        block_on(self.queue.push(&bytes[..4 * words.len()], true))
    }

    /// Restores the newest whole checkpoint, if there is one of these shapes.
    pub fn load<S: Restore>(&mut self, state: &mut S) -> Result<Option<u32>, Failure<F>> {
        let Some((number, _)) = self.newest.filter(|(_, shape)| *shape == state.shape()) else { return Ok(None) };
        let items = block_on(self.queue.iter())?;
        let mut words = Words { items, buffer: [0; 4 * ITEM], number, at: 0, length: 0, error: None };
        state.restore(&mut words);
        words.error.map_or(Ok(Some(number)), Err)
    }
}

/// The first four words of an item, and how many there are.
fn heads(item: &[u8]) -> ([u32; 4], usize) {
    let mut words = [0; 4];
    let (chunks, _) = item.as_chunks();
    words.iter_mut().zip(chunks).for_each(|(word, bytes)| *word = u32::from_le_bytes(*bytes));
    (words, chunks.len())
}

/// Some of the words.
struct Chunk {
    skip: usize,
    words: [u32; ITEM],
    filled: usize,
}

impl Chunk {
    fn put<T>(&mut self, values: &[T], bits: impl Fn(&T) -> u32) {
        let passed = self.skip.min(values.len());
        self.skip -= passed;
        for (to, value) in self.words[self.filled..].iter_mut().zip(&values[passed..]) {
            *to = bits(value);
            self.filled += 1;
        }
    }
}

impl Sink for Chunk {
    fn section(&mut self, kind: Kind, words: usize) {
        self.put(&[u32::from(kind.number()) << 24 | words as u32], |word| *word);
    }

    fn reals(&mut self, values: &[f32]) {
        self.put(values, |value| value.to_bits());
    }

    fn words(&mut self, values: &[u32]) {
        self.put(values, |word| *word);
    }
}

/// The words of one checkpoint, item by item.
struct Words<'q, F: NorFlash> {
    items: sequential_storage::queue::QueueIterator<'q, BlockingAsync<F>, NoCache>,
    buffer: [u8; 4 * ITEM],
    number: u32,
    at: usize,
    length: usize,
    error: Option<Failure<F>>,
}

impl<F: NorFlash> Words<'_, F> {
    fn peek(&mut self) -> u32 {
        while self.at >= self.length && self.error.is_none() {
            match block_on(self.items.next(&mut self.buffer)) {
                Ok(Some(item)) => {
                    let ([number, place, ..], words) = heads(&item);
                    if number == self.number && place != END {
                        (self.at, self.length) = (HEAD, words);
                    }
                }
                Ok(None) => return 0,
                Err(error) => self.error = Some(error),
            }
        }
        self.buffer.as_chunks().0.get(self.at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }
}

impl<F: NorFlash> Source for Words<'_, F> {
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
        self.at += 1;
        word
    }
}
