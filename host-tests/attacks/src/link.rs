//! The federated protocol: any bytes on the line, and any messages in any order.

use super::Draw;
use crate::line::{Double, frame};
use kilograd::prelude::*;
use kilograd_federated::{Compression, Fault, Job, Link, PART, ToServer, ToWorker, VERSION, Worker};

/// Takes the first byte for what is to be tried.
pub fn link(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    match draw.below(5) {
        0 => hear(draw.rest(), to_worker),
        1 => hear(draw.rest(), to_server),
        2 => damage(&mut draw),
        3 => serve_bytes(draw.rest()),
        _ => serve(&mut draw),
    }
}

/// Whatever is heard, said again and heard again, is the same (as bytes: NaN is not equal to itself).
fn hear(bytes: &[u8], next: fn(&mut Link<&mut Double>) -> Result<Vec<u8>, Fault>) {
    let mut line = Double { heard: bytes.iter().copied().collect(), ..Double::default() };
    let mut link = Link::new(&mut line);
    loop {
        let again = match next(&mut link) {
            Ok(again) => again,
            Err(Fault::Closed) => return,
            Err(Fault::Garbled) => continue,
            Err(fault) => panic!("{fault}"),
        };
        let mut echo = Double { heard: again.iter().copied().collect(), ..Double::default() };
        assert_eq!(next(&mut Link::new(&mut echo)), Ok(again));
    }
}

/// The frame of the server's next message.
fn to_worker(link: &mut Link<&mut Double>) -> Result<Vec<u8>, Fault> {
    link.receive::<ToWorker<'_>>().map(|message| frame(&message))
}

/// The frame of a worker's next message.
fn to_server(link: &mut Link<&mut Double>) -> Result<Vec<u8>, Fault> {
    link.receive::<ToServer<'_>>().map(|message| frame(&message))
}

/// The frame of any message to a worker. Jobs are small: what is tried is the protocol.
fn message(draw: &mut Draw<'_>) -> Vec<u8> {
    match draw.below(8) {
        0 | 1 => {
            let version = if draw.once_in(8) { draw.byte() } else { VERSION };
            let compression = [Compression::Float, Compression::Int8, Compression::Sign][usize::from(draw.below(3))];
            let learning_rate = draw.setting(0.1);
            let (worker, workers, epochs) = (draw.byte(), 0x80 | draw.byte(), draw.below(2));
            frame(&ToWorker::Join { version, job: Job { worker, workers, epochs, learning_rate, compression } })
        }
        2..=4 => {
            let length = usize::from(draw.byte()).min(PART);
            let length = if draw.once_in(8) { length } else { length & !3 };
            frame(&ToWorker::Weights(draw.bytes(length)))
        }
        5 => all_weights(draw.ordinary() / 8.0),
        6 => frame(&ToWorker::Train { round: draw.count() }),
        _ => frame(&ToWorker::Stop),
    }
}

/// The frames of as many weights as the network has.
fn all_weights(weight: f32) -> Vec<u8> {
    let all = weight.to_le_bytes().repeat(<kilograd_tasks::digits::Net as Parameters>::COUNT);
    all.chunks(PART).flat_map(|part| frame(&ToWorker::Weights(part))).collect()
}

/// A frame with one byte changed is never another message.
fn damage(draw: &mut Draw<'_>) {
    let sound = message(draw);
    let mut line = sound.clone();
    let (place, bits) = (usize::from(draw.byte()) % line.len(), draw.byte());
    line[place] ^= bits;
    let mut line = Double { heard: line.into_iter().collect(), ..Double::default() };
    let mut link = Link::new(&mut line);
    loop {
        match to_worker(&mut link) {
            Ok(heard) => assert!(sound.windows(heard.len()).any(|part| part == heard), "{heard:?} was never said"),
            Err(Fault::Closed) => return,
            Err(Fault::Garbled) => {}
            Err(fault) => panic!("{fault}"),
        }
    }
}

/// A worker on a line that says any bytes, none of which is a whole job.
fn serve_bytes(bytes: &[u8]) {
    let fault = converse(bytes.to_vec()).unwrap_err();
    assert!(
        matches!(fault, Fault::Closed | Fault::Garbled | Fault::OutOfTurn | Fault::Version(_) | Fault::Refused(_)),
        "{fault}"
    );
}

/// A worker that is told any messages in any order.
fn serve(draw: &mut Draw<'_>) {
    let mut heard = Vec::new();
    for _ in 0..8 {
        heard.extend(message(draw));
    }
    let _ = converse(heard);
}

/// Everything that the worker answers is a message; if it breaks off, the last one says so.
fn converse(heard: Vec<u8>) -> Result<(), Fault> {
    let mut line = Double { heard: heard.into(), ..Double::default() };
    let mut worker = Box::new(Worker::ZERO);
    let ended = worker.serve(&mut Link::new(&mut line), &mut |_| ());
    let mut answers = Double { heard: line.said.into(), ..Double::default() };
    let mut link = Link::new(&mut answers);
    let mut failed = false;
    loop {
        match link.receive::<ToServer<'_>>() {
            Ok(message) => failed = message == ToServer::Failed,
            Err(Fault::Closed) => break,
            Err(fault) => panic!("the worker said no message: {fault}"),
        }
    }
    assert_eq!(failed, ended.is_err());
    ended
}
