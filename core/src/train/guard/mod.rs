//! Training that notices when it diverges, and turns back.

mod accumulated;
mod fused;
mod reason;
mod settings;

pub use reason::Reason;
pub use settings::{Explosion, Guard};

use super::{FadingMean, Fused, Mode, Trainer};
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::Rule;
use crate::optim::schedule::{Schedule, require_rate};
use crate::tensor::Parameters;
use core::fmt;
use kilograd_simd::kernel;

/// What no parameter of a network that trains exceeds.
const WEIGHT_LIMIT: f32 = 1e9;

/// How many steps that are taken outweigh one that is not.
const WEIGHT_OF_BAD: u32 = 4;

/// The learning rate is backed off to no less than this share, from which it can still recover.
pub(crate) const LEAST_SHARE: f32 = 1.0 / 65_536.0;

/// A [`Trainer`] whose steps are looked at before they are taken. *Memory:* the trainer's, 1 × parameters for the best network,
/// and 100 bytes; an undisturbed training ends in the same bits as without.
///
/// - A **bad step** is not taken: its sample is not finite, the loss or gradient overflows, or one of them exceeds so many
///   times its running mean ([`Explosion`]). Nothing has changed.
/// - After more of them than [`patience`](Guard::patience) allows (each outweighs four good ones; samples that are not finite do
///   not count: a sensor is no network), or at once if the network itself holds NaN or a number beyond ±10⁹ (a bit that
///   flipped), or if the running loss has risen to so many times its lowest, the **best network comes back**: the one whose running loss was lowest when it was
///   looked at, every [`interval`](Guard::interval) steps. What the optimizer remembers is forgotten with the way that led
///   astray, and the learning rate backs off; step by step it recovers.
/// - If the best network does no better and not a single step can be taken, it is the stream that has changed: the guard forgets
///   what was usual, and trains on from the best network ([`forget`](GuardedTrainer::forget)).
///
/// What no explosion announces is not noticed: rectifiers that all die in one large step leave a loss that is merely high
/// ([`DeadUnits`](super::monitor::DeadUnits) counts them). Where the rate itself is too large, a [`recovery`](Guard::recovery) of 1
/// keeps it backed off.
///
/// Each says a [`Reason`], a byte that a host can read. Source of the problem: *Deep Learning*, section 8.2.4 (cliffs and
/// exploding gradients); of what is kept: algorithm 7.1.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::{Guard, GuardedTrainer, Outcome, Reason};
///
/// type Net = network![1 => 1];
/// let (mut memory, mut best) = (Memory::<Net, Sgd>::ZERO, Net::ZERO);
/// let trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1)?;
/// let mut trainer = GuardedTrainer::new(trainer, &mut best, Guard { patience: 0, ..Guard::DEFAULT })?;
/// assert_eq!(trainer.step(&[1.0].into(), &[1.0].into())?, Outcome::Taken(1.0));
/// assert_eq!(trainer.step(&[f32::NAN].into(), &[1.0].into())?, Outcome::Skipped(Reason::InputNotFinite));
/// // A bit flips in RAM.
/// trainer.trainer().network_mut().bias.fill(f32::INFINITY);
/// assert_eq!(trainer.step(&[1.0].into(), &[1.0].into())?, Outcome::Restored(Reason::WeightsInvalid));
/// assert_eq!((trainer.network(), trainer.learning_rate()), (&Net::ZERO, 0.05));
/// # Ok::<(), Error>(())
/// ```
pub struct GuardedTrainer<'m, N: Layer, L, R: Rule, S, M: Mode = Fused> {
    pub(crate) trainer: Trainer<'m, N, L, R, S, M>,
    pub(crate) best: &'m mut N,
    guard: Guard,
    pub(crate) best_loss: Option<f32>,
    pub(crate) loss: FadingMean,
    pub(crate) gradient: FadingMean,
    /// The share of the schedule's learning rate.
    pub(crate) share: f32,
    /// Steps that the trainer has forgotten.
    pub(crate) steps_before: u32,
    /// Steps taken since the best network came back, or from the beginning.
    pub(crate) taken: u32,
    /// What bad steps weigh that good ones have not outweighed yet.
    pub(crate) bad: u32,
    pub(crate) skipped: u32,
    pub(crate) restored: u32,
    pub(crate) last: Option<Reason>,
}

/// What became of a guarded step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "a step that was not taken has a reason"]
pub enum Outcome {
    /// It was taken; the loss before it.
    Taken(f32),
    /// It was not: nothing has changed.
    Skipped(Reason),
    /// It was not, or led astray, and the best network came back.
    Restored(Reason),
}

impl<'m, N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule, M: Mode> GuardedTrainer<'m, N, L, R, S, M> {
    /// Guards the steps of `trainer`; `best` becomes a copy of its network.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting outside its range.
    pub fn new(trainer: Trainer<'m, N, L, R, S, M>, best: &'m mut N, guard: Guard) -> Result<Self, Error> {
        guard.check()?;
        best.copy_from(trainer.network());
        let (loss, gradient) = (FadingMean::DEFAULT, FadingMean::DEFAULT);
        let (steps_before, taken, bad, skipped, restored) = (0, 0, 0, 0, 0);
        let (best_loss, share, last) = (None, 1.0, None);
        Ok(Self { trainer, best, guard, best_loss, loss, gradient, share, steps_before, taken, bad, skipped, restored, last })
    }

    /// The trainer, to predict and evaluate with. Its steps are not guarded, and it counts them from the last time that the best
    /// network came back.
    pub fn trainer(&mut self) -> &mut Trainer<'m, N, L, R, S, M> {
        &mut self.trainer
    }

    /// The network.
    pub fn network(&self) -> &N {
        self.trainer.network()
    }

    /// How many steps have been taken.
    pub fn steps(&self) -> u32 {
        self.steps_before.saturating_add(self.trainer.steps())
    }

    /// The learning rate of the next step: the schedule's, or less where it was backed off.
    pub fn learning_rate(&self) -> f32 {
        self.share * self.trainer.schedule.learning_rate(self.steps())
    }

    /// The lowest running loss so far, if the network has been looked at.
    pub fn best_loss(&self) -> Option<f32> {
        self.best_loss
    }

    /// How many steps were not taken.
    pub fn skipped(&self) -> u32 {
        self.skipped
    }

    /// How often the best network came back.
    pub fn restored(&self) -> u32 {
        self.restored
    }

    /// Why a step was last not taken, or the best network came back.
    pub fn last_reason(&self) -> Option<Reason> {
        self.last
    }

    /// Forgets what was usual and which network was best: the present one is, until the next look. For a stream that is known
    /// to have changed (see [`drift`](super::drift)).
    pub fn forget(&mut self) {
        self.best.copy_from(self.trainer.network());
        self.forget_level();
    }

    fn forget_level(&mut self) {
        (self.best_loss, self.loss, self.gradient) = (None, FadingMean::DEFAULT, FadingMean::DEFAULT);
    }

    fn checked_rate(&self) -> Result<f32, Error> {
        let rate = self.learning_rate();
        require_rate(rate).map(|()| rate)
    }

    /// Why a step with this loss and gradient is not to be taken.
    fn objection(&self, loss: f32, gradient: f32) -> Option<Reason> {
        let explodes = |explosion: &Explosion, mean: &FadingMean, x| mean.mean().is_some_and(|mean| explosion.holds(x, mean));
        match () {
            () if explodes(&self.guard.loss, &self.loss, loss) => Some(Reason::LossExploded),
            () if explodes(&self.guard.gradient, &self.gradient, gradient) || !gradient.is_finite() => {
                Some(Reason::GradientExploded)
            }
            () => None,
        }
    }

    /// After a bad step, which was not taken.
    fn refuse(&mut self, reason: Reason) -> Outcome {
        self.skipped = self.skipped.saturating_add(1);
        if reason == Reason::InputNotFinite {
            self.last = Some(reason);
            return Outcome::Skipped(reason);
        }
        if !is_valid(self.network()) {
            return self.restore(Reason::WeightsInvalid);
        }
        self.bad = self.bad.saturating_add(WEIGHT_OF_BAD);
        if self.bad > self.guard.patience.saturating_mul(WEIGHT_OF_BAD) {
            return self.restore(reason);
        }
        self.last = Some(reason);
        Outcome::Skipped(reason)
    }

    /// After a step that was taken.
    fn accept(&mut self, loss: f32, gradient: f32) -> Result<Outcome, Error> {
        self.loss.observe(loss, self.guard.fading)?;
        self.gradient.observe(gradient, self.guard.fading)?;
        self.bad = self.bad.saturating_sub(1);
        let share = self.share * self.guard.recovery;
        self.share = if share < 1.0 { share } else { 1.0 };
        self.taken = self.taken.saturating_add(1);
        if self.taken.checked_rem(self.guard.interval) != Some(0) {
            return Ok(Outcome::Taken(loss));
        }
        Ok(self.look().map_or(Outcome::Taken(loss), |reason| self.restore(reason)))
    }

    /// Keeps the network if it is the best so far; says what is wrong with it.
    fn look(&mut self) -> Option<Reason> {
        if !is_valid(self.network()) {
            return Some(Reason::WeightsInvalid);
        }
        let (loss, best) = (self.loss.mean()?, self.best_loss.unwrap_or(f32::INFINITY));
        if loss < best {
            self.best.copy_from(self.trainer.network());
            self.best_loss = Some(loss);
        }
        self.guard.loss.holds(loss, best).then_some(Reason::LossExploded)
    }

    /// Puts the best network back and backs off.
    fn restore(&mut self, reason: Reason) -> Outcome {
        if self.restored > 0 && self.taken == 0 {
            self.forget_level();
        } else if let Some(best_loss) = self.best_loss {
            self.loss = FadingMean::DEFAULT;
            // A mean of finite losses: it cannot be refused.
            let _ = self.loss.observe(best_loss, self.guard.fading);
        }
        self.steps_before = self.steps();
        self.trainer.memory.network.copy_from(self.best);
        self.trainer.memory.restart();
        let share = self.share * self.guard.back_off;
        self.share = if share > LEAST_SHARE { share } else { LEAST_SHARE };
        (self.taken, self.bad) = (0, 0);
        self.restored = self.restored.saturating_add(1);
        self.last = Some(reason);
        Outcome::Restored(reason)
    }
}

/// Whether every parameter and buffer is within the limit; NaN is not.
pub(crate) fn is_valid(network: &impl Parameters) -> bool {
    let mut valid = true;
    let mut see = |group: &[f32]| valid &= kernel::max_abs(group) <= WEIGHT_LIMIT;
    network.visit(&mut see);
    network.visit_buffers(&mut see);
    valid
}

/// How the guard stands.
impl<N: Layer, L, R: Rule, S, M: Mode> fmt::Debug for GuardedTrainer<'_, N, L, R, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("GuardedTrainer");
        fields.field("guard", &self.guard).field("best_loss", &self.best_loss).field("share", &self.share);
        fields.field("skipped", &self.skipped).field("restored", &self.restored).field("last", &self.last);
        fields.finish_non_exhaustive()
    }
}
