//! The server's side of a round.

use super::Codec;
use super::codec::{add_message, require_message};
use crate::error::Error;
use crate::tensor::{Parameters, to_f32};

/// Collects the answers of up to `WORKERS` boards and adds their mean, each weighed by the samples that it was trained on, to
/// the global weights. *Memory:* 16 bytes a worker; the messages stay where they were received.
///
/// However the answers arrive, that of worker 0 is added first, then that of worker 1, and so on: sums of `f32` depend on
/// their order. A worker that does not answer is left out of the mean.
///
/// ```
/// use kilograd::Error;
/// use kilograd::tensor::Vector;
/// use kilograd::train::parallel::{Float, Round};
///
/// let [first, second, third] = [1.0_f32, f32::NAN, 5.0].map(f32::to_le_bytes);
/// let mut global = Vector::new([1.0]);
/// let mut round = Round::<_, _, 3>::new(&mut global, Float);
/// round.accept(2, 10, &third)?;
/// round.accept(0, 30, &first)?;
/// assert_eq!(round.accept(1, 10, &second), Err(Error::MessageNotFinite));
/// assert_eq!(round.finish(), Ok(2));
/// assert_eq!(global, Vector::new([1.0 + 0.75 * 1.0 + 0.25 * 5.0]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Round<'a, N, C, const WORKERS: usize> {
    network: &'a mut N,
    codec: C,
    answers: [Option<Answer<'a>>; WORKERS],
}

#[derive(Clone, Copy, Debug)]
struct Answer<'a> {
    samples: u32,
    message: &'a [u8],
}

impl<'a, N: Parameters, C: Codec, const WORKERS: usize> Round<'a, N, C, WORKERS> {
    /// A round that nobody has answered yet.
    pub fn new(network: &'a mut N, codec: C) -> Self {
        Self { network, codec, answers: [None; WORKERS] }
    }

    /// Takes the answer of `worker`, counted from 0, who trained on so many samples.
    ///
    /// # Errors
    /// [`Error::WorkerOutOfRange`], [`Error::AnsweredTwice`], [`Error::EmptyBatch`] for no samples,
    /// [`Error::MessageLength`] or [`Error::MessageNotFinite`]. The round goes on without what was refused.
    pub fn accept(&mut self, worker: usize, samples: u32, message: &'a [u8]) -> Result<(), Error> {
        let place = self.answers.get_mut(worker).ok_or(Error::WorkerOutOfRange { worker, workers: WORKERS })?;
        if place.is_some() {
            return Err(Error::AnsweredTwice { worker });
        }
        if samples == 0 {
            return Err(Error::EmptyBatch);
        }
        require_message(self.network, &self.codec, message)?;
        *place = Some(Answer { samples, message });
        Ok(())
    }

    /// How many have answered.
    pub fn answered(&self) -> usize {
        self.answers.iter().flatten().count()
    }

    /// Adds the mean of the answers to the global weights, and says of how many.
    ///
    /// # Errors
    /// [`Error::EmptyBatch`] if nobody has answered; the weights are then as they were.
    pub fn finish(self) -> Result<usize, Error> {
        let all = self.answers.iter().flatten().fold(0.0, |sum, answer| sum + to_f32(answer.samples));
        for Answer { samples, message } in self.answers.iter().flatten() {
            add_message(self.network, &self.codec, to_f32(*samples) / all, message);
        }
        match self.answered() {
            0 => Err(Error::EmptyBatch),
            answered => Ok(answered),
        }
    }
}
