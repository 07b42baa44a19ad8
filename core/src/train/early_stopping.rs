//! Stopping when held-out loss no longer falls.

use crate::tensor::{Parameters, Zero};

/// Keeps the network of the lowest held-out loss and says when to stop waiting for a lower one. *Memory:* 1 × parameters and
/// 12 bytes, all zero at the start, so that a `static` of it takes no flash.
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
/// let mut stopping = EarlyStopping::<Net>::ZERO;
/// assert_eq!(stopping.observe(0.5, &network, 2), Verdict::Improved);
/// network.bias.fill(1.0);
/// assert_eq!(stopping.observe(0.7, &network, 2), Verdict::Wait);
/// assert_eq!(stopping.observe(f32::NAN, &network, 2), Verdict::Stop);
/// stopping.restore(&mut network);
/// assert_eq!(network, Net::ZERO);
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping<N> {
    pub(crate) best: N,
    pub(crate) best_loss: Option<f32>,
    pub(crate) waited: u32,
}

/// What [`EarlyStopping`] makes of a held-out loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "training goes on unless somebody stops it"]
pub enum Verdict {
    /// The lowest so far: the network was kept.
    Improved,
    /// Not lower, but there is patience left.
    Wait,
    /// Not lower for as long as there was patience: stop, and restore the best network.
    Stop,
}

impl<N: Parameters> EarlyStopping<N> {
    /// Takes a held-out loss and the network it belongs to, and waits for `patience` losses in a row that are not lower (for
    /// one if 0 is said). NaN counts as not lower.
    pub fn observe(&mut self, loss: f32, network: &N, patience: u32) -> Verdict {
        if loss < self.best_loss.unwrap_or(f32::INFINITY) {
            self.best.copy_from(network);
            self.best_loss = Some(loss);
            self.waited = 0;
            return Verdict::Improved;
        }
        self.waited = self.waited.saturating_add(1);
        if self.waited >= patience { Verdict::Stop } else { Verdict::Wait }
    }

    /// The lowest loss, if there was one below infinity.
    pub fn best_loss(&self) -> Option<f32> {
        self.best_loss
    }

    /// Puts the network of the lowest loss back; does nothing if there was none.
    pub fn restore(&self, network: &mut N) {
        if self.best_loss.is_some() {
            network.copy_from(&self.best);
        }
    }
}

impl<N: Zero> Zero for EarlyStopping<N> {
    const ZERO: Self = Self { best: N::ZERO, best_loss: None, waited: 0 };
}
