//! One end of a line between processes or threads.

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long to wait for a byte. A board trains for less than a second; a busy machine may take some more.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that go out and bytes that have come in; a read that waits for a minute fails.
pub struct Line {
    out: Box<dyn io::Write + Send>,
    incoming: Receiver<Vec<u8>>,
    pending: VecDeque<u8>,
}

/// A thread's end of a line.
struct Outgoing(Sender<Vec<u8>>);

impl io::Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Line {
    /// The line of another process; its bytes are read in a thread, so that it never waits for this one.
    pub fn of(out: impl io::Write + Send + 'static, mut incoming: impl io::Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = incoming.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { out: Box::new(out), incoming: receiver, pending: VecDeque::new() }
    }

    /// Both ends of a line between two threads.
    pub fn pair() -> (Self, Self) {
        let ((to_first, first), (to_second, second)) = (channel(), channel());
        let end = |out, incoming| Self { out: Box::new(Outgoing(out)), incoming, pending: VecDeque::new() };
        (end(to_second, first), end(to_first, second))
    }
}

impl ErrorType for Line {
    type Error = ErrorKind;
}

impl Read for Line {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, ErrorKind> {
        if self.pending.is_empty() {
            match self.incoming.recv_timeout(PATIENCE) {
                Ok(more) => self.pending.extend(more),
                Err(RecvTimeoutError::Timeout) => return Err(ErrorKind::TimedOut),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
        io::Read::read(&mut self.pending, bytes).map_err(|error| error.kind().into())
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.out.write(bytes).map_err(|error| error.kind().into())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.out.flush().map_err(|error| error.kind().into())
    }
}
