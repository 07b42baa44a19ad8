//! Why a checkpoint is refused.

use core::convert::Infallible;
use core::fmt;

/// Why a checkpoint was not loaded or not saved. What was refused has changed nothing. `E` is the flash's own error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E = Infallible> {
    /// Nothing was ever saved here: the flash is erased.
    Blank,
    /// There is no whole header: saving was cut before its end, or these bytes are no checkpoint.
    Torn,
    /// The header is whole, but what it promises is not there: bits flipped, bytes are missing, or an erase was cut.
    Damaged,
    /// Another version of the format.
    Version {
        /// The version found; this library reads and writes [`VERSION`](super::VERSION).
        found: u16,
    },
    /// Whole, but of a network, rule or way to step of other shapes.
    Shape {
        /// The fingerprint found.
        found: u64,
        /// The fingerprint of what was to be restored.
        expected: u64,
    },
    /// There is less room than a checkpoint takes.
    NoRoom {
        /// Bytes needed.
        needed: usize,
        /// Bytes that there are.
        room: usize,
    },
    /// The range does not consist of an even number of erasable pages, or the flash writes or reads units that do not divide 32 bytes.
    Geometry,
    /// The flash failed.
    Flash(E),
}

impl<E: fmt::Debug> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("there is no checkpoint: the flash is erased"),
            Self::Torn => f.write_str("no whole checkpoint: it was not written to its end, or these bytes are none"),
            Self::Damaged => f.write_str("the checkpoint's checksum does not hold: it is damaged"),
            Self::Version { found } => {
                write!(f, "the checkpoint has format version {found}, this program reads version {}", super::VERSION)
            }
            Self::Shape { found, expected } => {
                write!(f, "the checkpoint has shapes {found:016x}, this program has {expected:016x}: another network or rule")
            }
            Self::NoRoom { needed, room } => write!(f, "a checkpoint takes {needed} bytes, there is room for {room}"),
            Self::Geometry => {
                f.write_str("the range must be an even number of the flash's pages, its units must divide 32 bytes")
            }
            Self::Flash(error) => write!(f, "the flash failed: {error:?}"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for Error<E> {}
