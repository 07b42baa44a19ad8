//! Stopping when held-out loss no longer falls.

use crate::tensor::Parameters;

/// Keeps the network of the lowest held-out loss and says when to stop waiting for a lower one. *Memory:* 1 × parameters.
///
/// Source: *Deep Learning*, algorithm 7.1, and section 8.1.2 for why the loss that is watched need not be the one that
/// is trained.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::Verdict;
///
/// type Net = network![1 => 1];
/// let mut network = Net::ZERO;
/// let mut stopping = EarlyStopping::<Net>::new(2);
/// assert_eq!(stopping.observe(0.5, &network), Verdict::Improved);
/// network.bias.fill(1.0);
/// assert_eq!(stopping.observe(0.7, &network), Verdict::Wait);
/// assert_eq!(stopping.observe(f32::NAN, &network), Verdict::Stop);
/// stopping.restore(&mut network);
/// assert_eq!(network, Net::ZERO);
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping<N> {
    best: N,
    best_loss: f32,
    patience: u32,
    waited: u32,
}

/// What [`EarlyStopping`] makes of a held-out loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Verdict {
    /// The lowest so far: the network was kept.
    Improved,
    /// Not lower, but there is patience left.
    Wait,
    /// Not lower for as long as there was patience: stop, and restore the best network.
    Stop,
}

impl<N: Parameters> EarlyStopping<N> {
    /// Waits for `patience` losses in a row that are not lower (1 if 0 is said).
    pub const fn new(patience: u32) -> Self {
        Self { best: N::ZERO, best_loss: f32::INFINITY, patience, waited: 0 }
    }

    /// Takes a held-out loss and the network it belongs to. NaN counts as not lower.
    pub fn observe(&mut self, loss: f32, network: &N) -> Verdict {
        if loss < self.best_loss {
            self.best.copy_from(network);
            self.best_loss = loss;
            self.waited = 0;
            return Verdict::Improved;
        }
        self.waited = self.waited.saturating_add(1);
        if self.waited >= self.patience { Verdict::Stop } else { Verdict::Wait }
    }

    /// The lowest loss; infinite if there was none.
    pub fn best_loss(&self) -> f32 {
        self.best_loss
    }

    /// Puts the network of the lowest loss back; does nothing if there was none.
    pub fn restore(&self, network: &mut N) {
        if self.best_loss < f32::INFINITY {
            network.copy_from(&self.best);
        }
    }
}
