//! Frames that are damaged, and conversations that go wrong.

use kilograd::Error;
use kilograd::prelude::Zero;
use kilograd_attacks::line::{Double, frame};
use kilograd_federated::{Compression, Fault, Job, Link, PART, ToServer, ToWorker, VERSION, Worker};

const JOB: Job = Job { worker: 1, workers: 3, epochs: 1, learning_rate: 0.02, compression: Compression::Sign };
const JOIN: ToWorker<'static> = ToWorker::Join { version: VERSION, job: JOB };

fn hear(bytes: &[u8]) -> Result<(), Fault> {
    let mut line = Double { heard: bytes.iter().copied().collect(), ..Double::default() };
    let mut link = Link::new(&mut line);
    link.receive::<ToWorker<'_>>().map(|_| ())
}

#[test]
fn a_message_comes_as_it_was_said() {
    let payload = [0; PART];
    let messages =
        [JOIN, ToWorker::Weights(&payload), ToWorker::Weights(&[]), ToWorker::Train { round: u32::MAX }, ToWorker::Stop];
    let mut line = Double::default();
    let mut bytes = 0;
    for message in &messages {
        let frame = frame(message);
        assert_eq!(frame.iter().position(|byte| *byte == 0), Some(frame.len() - 1));
        bytes += frame.len() as u64;
        line.heard.extend(frame);
    }
    let mut link = Link::new(&mut line);
    for message in &messages {
        assert_eq!(link.receive::<ToWorker<'_>>().as_ref(), Ok(message));
    }
    assert_eq!(link.received, bytes);
    assert_eq!(link.receive::<ToWorker<'_>>(), Err(Fault::Closed));
}

/// A CRC-32 finds every burst of up to 32 bits.
#[test]
fn a_damaged_frame_is_never_taken_for_a_message() {
    let frame = frame(&ToWorker::Weights(&[0, 1, 2, 3, 0, 0, 255, 254]));
    assert_eq!(hear(&frame), Ok(()));
    for place in 0..frame.len() {
        for change in 1..=255 {
            let mut damaged = frame.clone();
            damaged[place] ^= change;
            assert!(hear(&damaged).is_err(), "byte {place} changed by {change}");
        }
        let mut short = frame.clone();
        short.remove(place);
        assert!(hear(&short).is_err(), "byte {place} lost");
        assert_eq!(hear(&frame[..place]), Err(Fault::Closed));
    }
}

#[test]
fn after_a_frame_that_is_too_long_the_next_is_heard() {
    let mut line = Double { heard: [vec![1; 10_000], vec![0], frame(&JOIN)].concat().into(), ..Double::default() };
    let mut link = Link::new(&mut line);
    assert_eq!(link.receive::<ToWorker<'_>>(), Err(Fault::Garbled));
    assert_eq!(link.receive::<ToWorker<'_>>(), Ok(JOIN));
    let mut line = Double::default();
    assert_eq!(Link::new(&mut line).send(&ToWorker::Weights(&[1; PART + 20])), Err(Fault::Garbled));
    assert!(line.said.is_empty());
}

#[test]
fn silence_is_not_the_end() {
    let mut line = Double { silent: true, ..Double::default() };
    assert_eq!(Link::new(&mut line).receive::<ToWorker<'_>>(), Err(Fault::Silent));
}

/// What ends a worker's conversation, and what it says last.
fn converse(messages: &[ToWorker<'_>]) -> Result<(), Fault> {
    let mut line = Double { heard: messages.iter().flat_map(frame).collect(), ..Double::default() };
    let mut worker = Box::new(Worker::ZERO);
    let served = worker.serve(&mut Link::new(&mut line), &mut |_| {});
    assert_eq!(line.said.ends_with(&frame(&ToServer::Failed)), served.is_err());
    served
}

#[test]
fn a_worker_says_what_is_wrong() {
    let train = ToWorker::Train { round: 1 };
    let job = |job| ToWorker::Join { version: VERSION, job };
    let nan = f32::NAN.to_le_bytes();
    let whole = [0; PART];
    let mut weights = vec![ToWorker::Weights(&whole); 40];
    weights.push(ToWorker::Weights(&whole[..40]));
    assert_eq!(converse(&[JOIN, ToWorker::Stop]), Ok(()));
    assert_eq!(converse(&[]), Err(Fault::Closed));
    assert_eq!(converse(&[ToWorker::Join { version: 99, job: JOB }]), Err(Fault::Version(99)));
    assert_eq!(converse(&[train]), Err(Fault::OutOfTurn));
    assert_eq!(converse(&[JOIN, ToWorker::Weights(&whole), train]), Err(Fault::OutOfTurn));
    assert_eq!(converse(&[JOIN, ToWorker::Weights(&nan)]), Err(Fault::Refused(Error::MessageNotFinite)));
    let length = Error::MessageLength { bytes: 3, expected: 9640 };
    assert_eq!(converse(&[JOIN, ToWorker::Weights(&nan[..3])]), Err(Fault::Refused(length)));
    let out_of_range = Error::WorkerOutOfRange { worker: 3, workers: 3 };
    assert_eq!(converse(&[job(Job { worker: 3, ..JOB })]), Err(Fault::Refused(out_of_range)));
    assert_eq!(converse(&[&[JOIN][..], &weights, &[train, ToWorker::Stop]].concat()), Ok(()));
    let bad_rate = job(Job { learning_rate: -1.0, ..JOB });
    let rate = Fault::Refused(Error::LearningRate(-1.0));
    assert_eq!(converse(&[&[bad_rate][..], &weights, &[train]].concat()), Err(rate));
    // Weights are for one round.
    assert_eq!(converse(&[&[JOIN][..], &weights, &[train, train]].concat()), Err(Fault::OutOfTurn));
}
