//! The worker's side of a round.

use super::Codec;
use super::codec::is_sound;
use crate::error::Error;
use crate::tensor::{Parameters, Zero};

/// Remembers what a worker's answer is the difference to. *Memory:* 1 × parameters, all zero at the start.
///
/// Between rounds that memory holds what earlier messages left unsaid, and during one the global weights less that: so what an
/// answer says is `trained − global + unsaid`, and error feedback costs no memory of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worker<N>(pub(crate) N);

impl<N: Zero> Zero for Worker<N> {
    const ZERO: Self = Self(N::ZERO);
}

impl<N: Parameters> Worker<N> {
    /// Begins a round at the global weights, which `network` holds. A round that is dropped without an answer takes along what
    /// earlier ones left unsaid.
    pub fn begin(&mut self, network: &N) -> Begun<'_, N> {
        pairs(network, &mut self.0, |global, unsaid| {
            for (unsaid, global) in unsaid.iter_mut().zip(global) {
                *unsaid = global - *unsaid;
            }
        });
        Begun { base: &mut self.0, answered: false }
    }
}

/// A round that a [`Worker`] has begun: train, then [`answer`](Begun::answer).
#[must_use = "what earlier rounds left unsaid is lost unless the round is answered"]
#[derive(Debug)]
pub struct Begun<'w, N: Parameters> {
    base: &'w mut N,
    answered: bool,
}

impl<N: Parameters> Begun<'_, N> {
    /// Says what training has changed in `network` since, a few bytes at a time.
    ///
    /// # Errors
    /// [`Error::GradientTooLarge`] if something changed by more than [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT) or is NaN:
    /// nothing has then been written. Or the error of `put`.
    pub fn answer<C: Codec, E: From<Error>>(
        mut self,
        network: &N,
        codec: &C,
        put: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut sound = true;
        pairs(network, self.base, |trained, base| {
            for (trained, base) in trained.iter().zip(base) {
                *base = trained - *base;
                sound &= is_sound(*base);
            }
        });
        if !sound {
            return Err(Error::GradientTooLarge.into());
        }
        let mut result = Ok(());
        self.base.visit_mut(&mut |delta| {
            if result.is_ok() {
                result = codec.encode(delta, put);
            }
        });
        self.answered = result.is_ok();
        result
    }
}

/// What is left of a round that failed half-way must not be taken for something unsaid.
impl<N: Parameters> Drop for Begun<'_, N> {
    fn drop(&mut self) {
        if !self.answered {
            self.base.visit_mut(&mut |group| group.fill(0.0));
        }
    }
}

/// Shows each group of `a` and that of `b`, which is of the same type, to `see`.
fn pairs<N: Parameters>(a: &N, b: &mut N, mut see: impl FnMut(&[f32], &mut [f32])) {
    let mut place = 0_usize;
    a.visit(&mut |group| {
        let mut other_place = 0_usize;
        b.visit_mut(&mut |other| {
            if other_place == place {
                see(group, other);
            }
            other_place = other_place.saturating_add(1);
        });
        place = place.saturating_add(1);
    });
}
