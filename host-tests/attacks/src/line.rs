//! A line that says what it was told to say, and remembers what it heard.

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use kilograd_federated::Link;
use serde::Serialize;
use std::collections::VecDeque;

/// Bytes to be heard, then silence or the end; and bytes that were said.
#[derive(Debug, Default)]
pub struct Double {
    /// What is to be heard.
    pub heard: VecDeque<u8>,
    /// What was said.
    pub said: Vec<u8>,
    /// Whether what follows is silence.
    pub silent: bool,
}

impl ErrorType for &mut Double {
    type Error = ErrorKind;
}

impl Read for &mut Double {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, ErrorKind> {
        match self.heard.pop_front() {
            Some(byte) => bytes[0] = byte,
            None if self.silent => return Err(ErrorKind::TimedOut),
            None => return Ok(0),
        }
        Ok(1)
    }
}

impl Write for &mut Double {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.said.push(bytes[0]);
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// The frame of `message`.
///
/// # Panics
/// If the message is longer than any.
pub fn frame(message: &impl Serialize) -> Vec<u8> {
    let mut line = Double::default();
    Link::new(&mut line).send(message).unwrap();
    line.said
}
