//! A checkpoint as a slice of bytes.

use super::header::{HEADER, Header, checksum};
use super::image;
use super::pack::{Length, Window};
use super::{Error, Restore, Save};

/// Writes `state` as checkpoint number `sequence` and returns how many bytes it took: [`size`](super::size) at most.
///
/// # Errors
/// [`Error::NoRoom`] if `bytes` is shorter.
pub fn to_bytes<S: Save>(state: &S, sequence: u32, bytes: &mut [u8]) -> Result<usize, Error> {
    let room = bytes.len();
    let words = Length::of(state, room)?;
    let needed = HEADER + 4 * words;
    let too_short = Error::NoRoom { needed, room };
    let (place, payload) = bytes.split_first_chunk_mut::<HEADER>().ok_or(too_short)?;
    let mut rest = payload.get_mut(..needed - HEADER).ok_or(too_short)?;
    let mut crc = checksum();
    let mut window = Window::new(0, usize::MAX, &mut crc, |block| {
        if let Some((to, after)) = core::mem::take(&mut rest).split_at_mut_checked(block.len()) {
            to.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
            rest = after;
        }
    });
    state.save(&mut window);
    window.finish(1);
    let words = u32::try_from(words).unwrap_or(u32::MAX);
    *place = Header { shape: state.shape(), sequence, words, checksum: crc.finalize() }.encode();
    Ok(needed)
}

/// Puts `state` back to what `bytes` hold and returns the checkpoint's number. Bytes behind its end are not looked at.
///
/// # Errors
/// [`Error::Blank`], [`Error::Torn`], [`Error::Damaged`], [`Error::Version`], [`Error::Shape`]: `state` is then as it was.
pub fn from_bytes<S: Restore>(state: &mut S, bytes: &[u8]) -> Result<u32, Error> {
    image::restore(&mut &*bytes, state)
}

/// What a checkpoint is, without restoring it: its header, and each section's kind (`None` if this library does not know it) and
/// words are shown to `see`.
///
/// # Errors
/// As [`from_bytes`], but for the shape, which is not asked for.
///
/// ```
/// use kilograd::checkpoint::{self, Kind};
/// use kilograd::prelude::*;
///
/// let (memory, mut bytes) = (Memory::<network![2 => 1], Momentum>::ZERO, [0; 128]);
/// let length = checkpoint::to_bytes(&memory, 5, &mut bytes).unwrap();
/// let mut sections = Vec::new();
/// let header = checkpoint::inspect(&bytes[..length], |kind, words| sections.push((kind, words.len() / 4))).unwrap();
/// assert_eq!(header.sequence, 5);
/// assert_eq!(sections[..2], [(Some(Kind::Progress), 3), (Some(Kind::Parameters), 3)]);
/// ```
pub fn inspect<'b>(bytes: &'b [u8], mut see: impl FnMut(Option<super::Kind>, &'b [u8])) -> Result<Header, Error> {
    let header = image::header(&mut &*bytes)?;
    image::verify(&mut &*bytes, &header, |_| true)?;
    let words = usize::try_from(header.words).unwrap_or_default();
    let mut rest = bytes.get(HEADER..HEADER + 4 * words).unwrap_or_default();
    while let Some((heading, after)) = rest.split_first_chunk::<4>() {
        let [length @ .., kind] = *heading;
        let [l0, l1, l2] = length;
        let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, 0])).unwrap_or_default();
        let Some((section, next)) = after.split_at_checked(4 * length) else { return Err(Error::Damaged) };
        see(super::Kind::from_number(kind), section);
        rest = next;
    }
    Ok(header)
}
