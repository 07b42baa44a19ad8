//! The samples of one worker.

use crate::error::Error;
use crate::train::Dataset;

/// Every so-manieth sample of a data set: worker w of W trains on samples w, w + W, w + 2W, … So the shards are disjoint, hold
/// every sample together, and are equally large but for one sample. *Memory:* a reference and two numbers.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::parallel::Shard;
///
/// let data = [1.0, 2.0, 3.0, 4.0, 5.0].map(|x| (Vector::new([x]), ()));
/// let shard = Shard::new(&data[..], 1, 3)?;
/// let mut input = Vector::ZERO;
/// shard.load(1, &mut input)?;
/// assert_eq!((shard.len(), input), (2, Vector::new([5.0])));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Shard<'d, D: ?Sized> {
    data: &'d D,
    worker: usize,
    workers: usize,
}

impl<'d, D: Dataset + ?Sized> Shard<'d, D> {
    /// The samples of `worker`, counted from 0.
    ///
    /// # Errors
    /// [`Error::WorkerOutOfRange`] if there are not as many workers.
    pub fn new(data: &'d D, worker: usize, workers: usize) -> Result<Self, Error> {
        if worker < workers { Ok(Self { data, worker, workers }) } else { Err(Error::WorkerOutOfRange { worker, workers }) }
    }
}

impl<D: Dataset + ?Sized> Dataset for Shard<'_, D> {
    type Input = D::Input;
    type Target = D::Target;

    fn len(&self) -> usize {
        let after_first = self.data.len().saturating_sub(self.worker);
        after_first.checked_next_multiple_of(self.workers).and_then(|all| all.checked_div(self.workers)).unwrap_or(0)
    }

    fn load(&self, index: usize, input: &mut D::Input) -> Result<D::Target, Error> {
        let place = index.checked_mul(self.workers).and_then(|place| place.checked_add(self.worker));
        let place = place.filter(|_| index < self.len()).ok_or(self.out_of_range(index))?;
        self.data.load(place, input)
    }
}
