//! One batch on several cores.

use super::{Accumulated, Memory, Trainer};
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::Rule;
use crate::optim::schedule::Schedule;
use crate::tensor::Parameters;
use kilograd_simd::kernel;

impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule> Trainer<'_, N, L, R, S, Accumulated> {
    /// Adds what another core accumulated to this batch; the other memory's batch is then empty. *Memory:* 2 × parameters
    /// and a tape for each core beside the first: a copy of the network and a gradient
    /// (`Memory<N, Sgd, Accumulated>`, whose rule is never asked).
    ///
    /// The other core reads a copy of the network that was made after the last step. In which order memories are merged is for
    /// the caller to fix: in the same one a step has the same bits on one core as on several, however they were timed.
    /// Source: *Deep Learning*, section 8.1.3.
    ///
    /// ```
    /// use kilograd::prelude::*;
    ///
    /// type Net = network![1 => 1];
    /// let (mut first, mut second) = (Memory::<Net, Sgd, Accumulated>::ZERO, Memory::<Net, Sgd, Accumulated>::ZERO);
    /// let mut trainer = Trainer::new(&mut first, MeanSquaredError, Sgd, 0.25)?;
    /// trainer.accumulate(&[0.0].into(), &[1.0].into())?;
    /// // On the other core:
    /// second.network.copy_from(trainer.network());
    /// Trainer::new(&mut second, MeanSquaredError, Sgd, 0.25)?.accumulate(&[0.0].into(), &[3.0].into())?;
    /// // And back:
    /// trainer.merge(&mut second);
    /// assert_eq!(trainer.apply(), Ok(5.0));
    /// assert_eq!(trainer.network().bias, Vector::new([1.0]));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn merge<Q: Rule>(&mut self, other: &mut Memory<N, Q, Accumulated>) {
        let Memory { gradient, progress, .. } = &mut *self.memory;
        gradient.visit_mut_with(&other.gradient, &mut |sum, part| kernel::add(part, sum));
        progress.weight += other.progress.weight;
        progress.loss += other.progress.loss;
        other.clear();
    }
}
