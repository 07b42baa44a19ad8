//! The server's rounds.

use super::options::{Choice, Options};
use super::peer::Peer;
use anyhow::{Result, bail};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::train::parallel::{Codec, Float, Int8, Round, Sign, send};
use kilograd_federated::{Fault, Job, PART};
use kilograd_tasks::digits::{self, Digits, Net};
use std::convert::Infallible;

/// The most workers that a round has room for.
const MOST: usize = 8;

/// What a round came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The share of test samples that the new weights read right.
    pub accuracy: f32,
    /// How many workers answered.
    pub answered: usize,
    /// Bytes to the workers, framing and all.
    pub sent: u64,
    /// Bytes from the workers, framing and all.
    pub received: u64,
}

/// What all rounds with one compression came to.
#[derive(Clone, Debug)]
pub struct Training {
    /// How the workers answered.
    pub choice: Choice,
    /// Every round.
    pub rounds: Vec<Outcome>,
    /// The hash of the last weights.
    pub weights: u64,
    /// The workers that were lost, by number, with the round and the reason.
    pub lost: Vec<(usize, u32, Fault)>,
}

/// Trains from the first weights on, with one compression; `see` is shown every round.
///
/// # Errors
/// If no worker is left, or a setting is refused.
pub fn train(peers: &mut [Peer], options: &Options, choice: Choice, see: impl FnMut(&Outcome)) -> Result<Training> {
    match choice {
        Choice::Float => train_with(Float, peers, options, choice, see),
        Choice::Int8 => train_with(Int8, peers, options, choice, see),
        Choice::Sign => train_with(Sign, peers, options, choice, see),
    }
}

fn train_with(
    codec: impl Codec + Copy,
    peers: &mut [Peer],
    options: &Options,
    choice: Choice,
    mut see: impl FnMut(&Outcome),
) -> Result<Training> {
    let mut memory = Box::new(Memory::<Net, Sgd>::ZERO);
    digits::initialize(&mut memory.network, options.seed);
    let mut lost = Vec::new();
    let workers = peers.len() as u8;
    for (worker, peer) in peers.iter_mut().enumerate() {
        let Options { epochs, learning_rate, .. } = *options;
        let job = Job { worker: worker as u8, workers, epochs, learning_rate, compression: choice.compression() };
        if let Err(fault) = peer.join(job) {
            lost.push((worker, 0, fault));
        }
    }
    let mut rounds = Vec::new();
    for round in 1..=options.rounds {
        let before = bytes(peers);
        let answers = ask(&memory.network, peers, options, round, &mut lost);
        let mut mean = Round::<_, _, MOST>::new(&mut memory.network, codec);
        for (worker, answer) in answers.iter().enumerate() {
            let Some(answer) = answer else { continue };
            if let Err(error) = mean.accept(worker, peers[worker].samples(), answer) {
                lost.push((worker, round, error.into()));
            }
        }
        if mean.answered() == 0 {
            bail!("no worker is left in round {round}: {}", reasons(&lost, peers));
        }
        let answered = mean.finish()?;
        let after = bytes(peers);
        let (sent, received) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
        let outcome = Outcome { accuracy: accuracy(&mut memory)?, answered, sent, received };
        see(&outcome);
        rounds.push(outcome);
    }
    Ok(Training { choice, rounds, weights: fingerprint(&memory.network), lost })
}

/// Sends the weights to every worker that is left, then waits for the answers: meanwhile all of them train.
fn ask(
    network: &Net,
    peers: &mut [Peer],
    options: &Options,
    round: u32,
    lost: &mut Vec<(usize, u32, Fault)>,
) -> Vec<Option<Vec<u8>>> {
    let mut weights = Vec::new();
    // A vector takes whatever it is given.
    let Ok(()) = send(network, &mut |bytes| {
        weights.extend_from_slice(bytes);
        Ok::<(), Infallible>(())
    });
    let last = peers.len() - 1;
    for (worker, peer) in peers.iter_mut().enumerate() {
        if lost.iter().any(|(gone, ..)| *gone == worker) {
            continue;
        }
        if let Err(fault) = peer.train(weights.chunks(PART), round) {
            lost.push((worker, round, fault));
        } else if options.lose == Some(round) && worker == last {
            peer.stop();
        }
    }
    let mut answer = |(worker, peer): (usize, &mut Peer)| {
        if lost.iter().any(|(gone, ..)| *gone == worker) {
            return None;
        }
        peer.answer(round).inspect_err(|fault| lost.push((worker, round, *fault))).ok()
    };
    peers.iter_mut().enumerate().map(&mut answer).collect()
}

fn bytes(peers: &[Peer]) -> (u64, u64) {
    peers.iter().map(Peer::bytes).fold((0, 0), |all, peer| (all.0 + peer.0, all.1 + peer.1))
}

fn accuracy(memory: &mut Memory<Net, Sgd>) -> Result<f32, Error> {
    let test = Digits::test();
    let mut correct = 0_u16;
    let mut trainer = Trainer::new(memory, CrossEntropy::default(), Sgd, 0.0)?;
    trainer.evaluate_all(&test, 0..test.len(), |label, output| {
        correct += u16::from(output.argmax() == Some(*label));
        Ok(())
    })?;
    Ok(f32::from(correct) / test.len() as f32)
}

/// Why workers were lost, with the last line that a board logged.
fn reasons(lost: &[(usize, u32, Fault)], peers: &[Peer]) -> String {
    let reason = |(worker, round, fault): &(usize, u32, Fault)| {
        let log = peers[*worker].log().pop().map(|line| format!(" (its board: {line})")).unwrap_or_default();
        format!("worker {worker} in round {round}: {fault}{log}")
    };
    lost.iter().map(reason).collect::<Vec<_>>().join("; ")
}
