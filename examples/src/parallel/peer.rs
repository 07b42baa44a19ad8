//! A worker, as its server sees it.

use super::board::Board;
use super::line::Line;
use anyhow::Result;
use kilograd::prelude::Zero;
use kilograd_federated::{Fault, Job, Link, ToServer, ToWorker, VERSION, Worker};
use kilograd_tasks::digits::Net;
use std::path::Path;
use std::thread;

/// The line to a worker and, if it runs on one, its board.
pub struct Peer {
    link: Option<Link<Line>>,
    board: Option<Board>,
    samples: u32,
}

impl Peer {
    /// A worker on an emulated board.
    ///
    /// # Errors
    /// If the emulator cannot be started.
    pub fn on_board(firmware: &Path) -> Result<Self> {
        let (board, line) = Board::start(firmware)?;
        Ok(Self { link: Some(Link::new(line)), board: Some(board), samples: 0 })
    }

    /// A worker in a thread, which ends when this is dropped.
    pub fn in_thread() -> Self {
        let (here, there) = Line::pair();
        thread::spawn(move || {
            let mut worker = Box::new(Worker::ZERO);
            // What went wrong is told to the server.
            let _ = worker.serve(&mut Link::new(there), &mut |_| {});
        });
        Self { link: Some(Link::new(here)), board: None, samples: 0 }
    }

    /// How many samples are the worker's own.
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// Bytes that went to the worker and came from it.
    pub fn bytes(&self) -> (u64, u64) {
        self.link.as_ref().map_or((0, 0), |link| (link.sent, link.received))
    }

    /// Stops the worker, wherever it is.
    pub fn stop(&mut self) {
        self.link = None;
        if let Some(board) = &mut self.board {
            board.stop();
        }
    }

    /// What the worker's board has logged; nothing for a thread, or if it cannot be read.
    pub fn log(&self) -> Vec<String> {
        self.board.as_ref().and_then(|board| board.log().ok()).unwrap_or_default()
    }

    fn link(&mut self) -> Result<&mut Link<Line>, Fault> {
        self.link.as_mut().ok_or(Fault::Closed)
    }

    /// Tells the worker what to do.
    ///
    /// # Errors
    /// Why it will not.
    pub fn join(&mut self, job: Job) -> Result<(), Fault> {
        use kilograd::tensor::Parameters;
        let link = self.link()?;
        link.send(&ToWorker::Join { version: VERSION, job })?;
        match link.receive()? {
            ToServer::Ready { parameters, samples } if parameters as usize == Net::COUNT => {
                self.samples = samples;
                Ok(())
            }
            ToServer::Failed => Err(Fault::Failed),
            _ => Err(Fault::OutOfTurn),
        }
    }

    /// Sends the weights in parts, and has the worker train from them.
    ///
    /// # Errors
    /// Why that failed.
    pub fn train<'p>(&mut self, parts: impl Iterator<Item = &'p [u8]>, round: u32) -> Result<(), Fault> {
        let link = self.link()?;
        for part in parts {
            link.send(&ToWorker::Weights(part))?;
        }
        link.send(&ToWorker::Train { round })
    }

    /// Waits for what training changed.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn answer(&mut self, round: u32) -> Result<Vec<u8>, Fault> {
        let link = self.link()?;
        let mut delta = Vec::new();
        loop {
            match link.receive()? {
                ToServer::Delta(part) => delta.extend_from_slice(part),
                ToServer::Done { round: of, .. } if of == round => return Ok(delta),
                ToServer::Failed => return Err(Fault::Failed),
                ToServer::Ready { .. } | ToServer::Done { .. } => return Err(Fault::OutOfTurn),
            }
        }
    }

    /// Says that there are no more rounds.
    ///
    /// # Errors
    /// Why that failed.
    pub fn finish(&mut self) -> Result<(), Fault> {
        self.link()?.send(&ToWorker::Stop)
    }
}
