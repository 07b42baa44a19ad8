//! A worker's rounds.

use crate::link::{Fault, Link, Port};
use crate::message::{Compression, Job, PART, ToServer, ToWorker, VERSION};
use heapless::Vec;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::train::parallel::{self, Codec, Float, Int8, Shard, Sign};
use kilograd_tasks::digits::{Digits, Net};
use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};

/// A network and what training it in rounds remembers: parameters, tape, and one more copy of the parameters. All zeros, so a
/// `static` of it takes no flash.
#[derive(Debug)]
pub struct Worker {
    memory: Memory<Net, Sgd>,
    base: parallel::Worker<Net>,
}

impl Zero for Worker {
    const ZERO: Self = Self { memory: Memory::ZERO, base: parallel::Worker::ZERO };
}

/// What is worth a line in a log.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event {
    /// The server has said what to do.
    Joined(Job),
    /// A round was answered.
    Answered {
        /// The round.
        round: u32,
        /// The mean loss in its last epoch.
        loss: f32,
        /// The hash of the weights that training came to.
        weights: u64,
    },
}

impl Worker {
    /// Does what the server says until it says stop; `log` is told what was done.
    ///
    /// # Errors
    /// Whatever ends the conversation before that; the server has been told if it can be.
    pub fn serve<P: Port>(&mut self, link: &mut Link<P>, log: &mut impl FnMut(Event)) -> Result<(), Fault> {
        self.converse(link, log).inspect_err(|_| {
            // If the line is what failed, nothing more can be said.
            let _ = link.send(&ToServer::Failed);
        })
    }

    fn converse<P: Port>(&mut self, link: &mut Link<P>, log: &mut impl FnMut(Event)) -> Result<(), Fault> {
        let mut job = None;
        let mut received = 0;
        loop {
            match link.receive()? {
                ToWorker::Join { version: VERSION, job: new } => {
                    link.send(&self.join(&new)?)?;
                    job = Some(new);
                    log(Event::Joined(new));
                }
                ToWorker::Join { version, .. } => return Err(Fault::Version(version)),
                ToWorker::Weights(bytes) => received = parallel::receive(&mut self.memory.network, received, bytes)?,
                ToWorker::Train { round } => {
                    let job = job.filter(|_| received == Net::COUNT).ok_or(Fault::OutOfTurn)?;
                    log(self.round(link, &job, round)?);
                    received = 0;
                }
                ToWorker::Stop => return Ok(()),
            }
        }
    }

    /// Forgets what was before.
    fn join(&mut self, job: &Job) -> Result<ToServer<'static>, Fault> {
        *self = Self::ZERO;
        let samples = Shard::new(&Digits::training(), job.worker.into(), job.workers.into())?.len();
        Ok(ToServer::Ready { parameters: Net::COUNT as u32, samples: samples as u32 })
    }

    fn round<P: Port>(&mut self, link: &mut Link<P>, job: &Job, round: u32) -> Result<Event, Fault> {
        match job.compression {
            Compression::Float => self.round_with(&Float, link, job, round),
            Compression::Int8 => self.round_with(&Int8, link, job, round),
            Compression::Sign => self.round_with(&Sign, link, job, round),
        }
    }

    fn round_with<P: Port>(&mut self, codec: &impl Codec, link: &mut Link<P>, job: &Job, round: u32) -> Result<Event, Fault> {
        let begun = self.base.begin(&self.memory.network);
        let loss = train(&mut self.memory, job, round)?;
        let mut part = Vec::<u8, PART>::new();
        begun.answer(&self.memory.network, codec, &mut |bytes: &[u8]| {
            bytes.iter().try_for_each(|byte| {
                if part.is_full() {
                    link.send(&ToServer::Delta(&part))?;
                    part.clear();
                }
                part.push(*byte).map_err(|_| Fault::Garbled)
            })
        })?;
        link.send(&ToServer::Delta(&part))?;
        link.send(&ToServer::Done { round, loss })?;
        Ok(Event::Answered { round, loss, weights: fingerprint(&self.memory.network) })
    }
}

/// Goes through the worker's own samples, in an order that round and worker decide.
fn train(memory: &mut Memory<Net, Sgd>, job: &Job, round: u32) -> Result<f32, Error> {
    let data = Digits::training();
    let shard = Shard::new(&data, job.worker.into(), job.workers.into())?;
    let mut rng = Xoshiro128PlusPlus::seed_from_u64((u64::from(round) << 8) | u64::from(job.worker));
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), Sgd, job.learning_rate)?;
    let mut loss = 0.0;
    for _ in 0..job.epochs {
        loss = trainer.epoch(&shard, Shuffle::new(shard.len(), &mut rng))?;
    }
    Ok(loss)
}
