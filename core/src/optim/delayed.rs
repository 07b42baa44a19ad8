//! Gradients that arrive late.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor};
use core::mem::swap;

/// A queue of stale gradients: what comes out is the gradient of `DELAY` steps ago, and zero for as many steps at the start.
/// *State:* `DELAY` × f32 a parameter.
///
/// What asynchronous training does: an interrupt computes the gradient at the weights of a while ago, other workers have moved
/// them since. It is a link of a chain, before the rule that suffers from it: `Then(Delayed::<2>, Momentum::DEFAULT)`.
///
/// Where the loss curves by λ, plain descent with a delay of d steps converges only for
/// `η·λ < 2·sin(π / (2·(2d + 1)))`, the rate at which the roots of `z^(d+1) − z^d + η·λ` reach the unit circle:
///
/// | delay | 0 | 1 | 2 | 3 | 4 |
/// |---|--:|--:|--:|--:|--:|
/// | η·λ below | 2 | 1 | 0.618 | 0.445 | 0.347 |
///
/// So a rate that is too large for a delay is cured by one that is smaller in about the same proportion. Source:
/// S. A. Levin and R. M. May, *A note on difference-delay equations* (1976); *Deep Learning*, section 12.1.3, for
/// asynchronous descent.
///
/// ```
/// use kilograd::optim::{Delayed, Rule};
///
/// let rule = Delayed::<1>;
/// let mut queue = [[0.0]];
/// let mut arrives = |step, gradient| {
///     let mut gradient = [gradient];
///     let queue = queue.each_mut().map(|slot| &mut slot[..]);
///     rule.transform(&rule.plan::<()>(step, 0.1, None), &[0.0], &mut gradient, queue);
///     gradient[0]
/// };
/// assert_eq!([arrives(1, 5.0), arrives(2, 6.0), arrives(3, 7.0)], [0.0, 5.0, 6.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Delayed<const DELAY: usize>;

impl<const DELAY: usize> Rule for Delayed<DELAY> {
    type State<T: Tensor> = [T; DELAY];
    type View<'s> = [&'s mut [f32]; DELAY];
    /// Which slot of the ring holds the oldest gradient; `None` if nothing waits.
    type Plan = Option<usize>;

    fn view<T: Tensor>(state: &mut [T; DELAY]) -> Self::View<'_> {
        state.each_mut().map(Tensor::as_mut_slice)
    }

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> Option<usize> {
        usize::try_from(step).ok()?.checked_rem(DELAY)
    }

    fn transform(&self, oldest: &Option<usize>, _: &[f32], gradient: &mut [f32], mut queue: Self::View<'_>) {
        let Some(slot) = oldest.and_then(|oldest| queue.get_mut(oldest)) else { return };
        for (g, stale) in gradient.iter_mut().zip(slot.iter_mut()) {
            swap(g, stale);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<const DELAY: usize> Tensorwise for Delayed<DELAY> {}

#[diagnostic::do_not_recommend]
impl<const DELAY: usize> Elementwise for Delayed<DELAY> {}
