//! The header, which makes a checkpoint one.

use super::Error;
use crc::{CRC_32_ISO_HDLC, Crc, Digest, NoTable};

/// What a header begins with.
pub const MAGIC: [u8; 4] = *b"KGCP";

/// The version of the format that this library reads and writes.
pub const VERSION: u16 = 1;

/// Bytes of a header, in this version and every later one.
pub const HEADER: usize = 32;

/// Bit by bit, without a table: a flash takes far longer to write a word than this to look at it.
static CRC: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// A checksum in the making.
pub(super) type Checksum = Digest<'static, u32, NoTable>;

/// The checksum of nothing yet.
pub(super) fn checksum() -> Checksum {
    CRC.digest()
}

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// The fingerprint of all shapes.
    pub shape: u64,
    /// Which checkpoint in a row this is: of two, the newer has the higher number, modulo 2³².
    pub sequence: u32,
    /// How many words of payload follow.
    pub words: u32,
    /// The CRC-32 of the payload.
    pub checksum: u32,
}

impl Header {
    /// The header as bytes.
    pub fn encode(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        let [low, high] = halves(self.shape);
        let fields = [u32::from_le_bytes(MAGIC), u32::from(VERSION), low, high, self.sequence, self.words, self.checksum];
        let (words, _) = bytes.as_chunks_mut::<4>();
        for (word, field) in words.iter_mut().zip(fields) {
            *word = field.to_le_bytes();
        }
        let crc = own_checksum(&bytes);
        if let Some(last) = bytes.last_chunk_mut() {
            *last = crc.to_le_bytes();
        }
        bytes
    }

    /// What the bytes say.
    ///
    /// # Errors
    /// [`Error::Blank`] for erased flash, [`Error::Version`] for another version's header, [`Error::Torn`] for anything else
    /// that is no whole header.
    pub fn decode(bytes: &[u8; HEADER]) -> Result<Self, Error> {
        if bytes.iter().all(|byte| *byte == 0xFF) {
            return Err(Error::Blank);
        }
        let (words, _) = bytes.as_chunks::<4>();
        let [magic, version, low, high, fields @ ..] = words else { return Err(Error::Torn) };
        let [sequence, words, checksum, own] = fields else { return Err(Error::Torn) };
        if *magic != MAGIC || u32::from_le_bytes(*own) != own_checksum(bytes) {
            return Err(Error::Torn);
        }
        let [v0, v1, ..] = *version;
        match u16::from_le_bytes([v0, v1]) {
            VERSION => {}
            found => return Err(Error::Version { found }),
        }
        Ok(Self {
            shape: u64::from(u32::from_le_bytes(*low)) | u64::from(u32::from_le_bytes(*high)) << 32,
            sequence: u32::from_le_bytes(*sequence),
            words: u32::from_le_bytes(*words),
            checksum: u32::from_le_bytes(*checksum),
        })
    }
}

/// The lower half and the upper.
fn halves(value: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

/// The checksum of a header's own fields.
fn own_checksum(bytes: &[u8; HEADER]) -> u32 {
    let mut crc = checksum();
    crc.update(bytes.first_chunk::<{ HEADER - 4 }>().map_or(&[], |fields| &fields[..]));
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use super::{HEADER, Header};
    use crate::checkpoint::Error;

    const HEAD: Header = Header { shape: 0x0123_4567_89AB_CDEF, sequence: 7, words: 300, checksum: 0xCAFE_F00D };

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Header::decode(&HEAD.encode()), Ok(HEAD));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        for bit in 0..8 * HEADER {
            let mut bytes = HEAD.encode();
            if let Some(byte) = bytes.get_mut(bit >> 3) {
                *byte ^= 1 << (bit & 7);
            }
            assert_eq!(Header::decode(&bytes), Err(Error::Torn), "bit {bit}");
        }
    }
}
