//! Messages over a serial line.

use core::fmt;
use crc::{CRC_32_ISO_HDLC, Crc};
use embedded_io::{Error as _, ErrorKind, Read, Write};
use heapless::Vec;
use postcard::ser_flavors::{Cobs, Slice, crc::CrcModifier};
use serde::{Deserialize, Serialize};

/// Room for a message with [`PART`](crate::PART) bytes of payload: its tag and length, the CRC, and what COBS adds.
const FRAME: usize = crate::PART + 16;
/// The checksum of Ethernet and zip.
const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A serial line whose reads end after a while: with [`ErrorKind::TimedOut`], or with nothing if the other end is gone.
pub trait Port: Read<Error = ErrorKind> + Write<Error = ErrorKind> {}

impl<P: Read<Error = ErrorKind> + Write<Error = ErrorKind>> Port for P {}

/// Why a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Fault {
    /// Nothing was heard for too long.
    Silent,
    /// The other end is gone.
    Closed,
    /// The line failed.
    Line,
    /// What was heard is no message: bytes were lost or changed.
    Garbled,
    /// A message came that does not belong here.
    OutOfTurn,
    /// The other end speaks another version.
    Version(u8),
    /// The other end said that it failed.
    Failed,
    /// Training, or what a message was about, was refused.
    Refused(kilograd::Error),
}

impl From<kilograd::Error> for Fault {
    fn from(error: kilograd::Error) -> Self {
        Self::Refused(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("nothing was heard for too long"),
            Self::Closed => f.write_str("the other end is gone"),
            Self::Line => f.write_str("the line failed"),
            Self::Garbled => f.write_str("bytes were lost or changed on the line"),
            Self::OutOfTurn => f.write_str("a message came that does not belong here"),
            Self::Version(version) => write!(f, "the other end speaks version {version}, not {}", crate::VERSION),
            Self::Failed => f.write_str("the other end failed, and its log says why"),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Fault {}

/// One end of a line, with room for one message.
#[derive(Debug)]
pub struct Link<P> {
    port: P,
    frame: Vec<u8, FRAME>,
    /// Bytes that came in.
    pub received: u64,
    /// Bytes that went out.
    pub sent: u64,
}

impl<P: Port> Link<P> {
    /// An end of `port`.
    pub fn new(port: P) -> Self {
        Self { port, frame: Vec::new(), received: 0, sent: 0 }
    }

    /// Says `message`.
    ///
    /// # Errors
    /// [`Fault::Closed`], [`Fault::Silent`] or [`Fault::Line`]; [`Fault::Garbled`] for a message that is too large.
    pub fn send(&mut self, message: &impl Serialize) -> Result<(), Fault> {
        let mut frame = [0; FRAME];
        let framed = write(message, &mut frame).map_err(|_| Fault::Garbled)?;
        let mut left = &*framed;
        while !left.is_empty() {
            let written = self.port.write(left).map_err(fault)?;
            left = left.get(written..).filter(|_| written > 0).ok_or(Fault::Closed)?;
        }
        self.sent += framed.len() as u64;
        self.port.flush().map_err(fault)
    }

    /// Hears the next message.
    ///
    /// # Errors
    /// [`Fault::Closed`], [`Fault::Silent`], [`Fault::Line`] or [`Fault::Garbled`]; after the last the next message may be
    /// heard.
    pub fn receive<'a, T: Deserialize<'a>>(&'a mut self) -> Result<T, Fault> {
        self.frame.clear();
        let mut too_long = false;
        loop {
            let mut byte = [0];
            if self.port.read(&mut byte).map_err(fault)? == 0 {
                return Err(Fault::Closed);
            }
            self.received += 1;
            let [byte] = byte;
            if byte == 0 {
                break;
            }
            too_long |= self.frame.push(byte).is_err();
        }
        if too_long {
            return Err(Fault::Garbled);
        }
        read(&mut self.frame).ok_or(Fault::Garbled)
    }
}

fn write<'b>(message: &impl Serialize, frame: &'b mut [u8]) -> postcard::Result<&'b mut [u8]> {
    let flavor = CrcModifier::new(Cobs::try_new(Slice::new(frame))?, CRC.digest());
    postcard::serialize_with_flavor(message, flavor)
}

/// The message in a frame without its zero.
fn read<'a, T: Deserialize<'a>>(frame: &'a mut [u8]) -> Option<T> {
    let length = cobs::decode_in_place(frame).ok()?;
    let (message, rest) = postcard::take_from_bytes_crc32(frame.get(..length)?, CRC.digest()).ok()?;
    rest.is_empty().then_some(message)
}

fn fault(kind: ErrorKind) -> Fault {
    match kind.kind() {
        ErrorKind::TimedOut => Fault::Silent,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Fault::Closed,
        _ => Fault::Line,
    }
}
