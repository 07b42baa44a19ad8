//! Stochastic gradient descent.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::kernel;

/// Stochastic gradient descent: `w ← w − η·g`. *State:* none.
///
/// Source: Goodfellow et al., *Deep Learning*, algorithm 8.1. Its learning rate should fall with time (Robbins and Monro):
/// see [`schedule`](super::schedule).
///
/// ```
/// use kilograd::optim::{Rule, Sgd};
///
/// let (mut weights, mut gradient) = ([1.0], [2.0]);
/// Sgd.descend(&(), 0.25, &mut weights, &mut gradient, ());
/// assert_eq!(weights, [0.5]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sgd;

impl Rule for Sgd {
    const COST: usize = 1;

    type State<T: Tensor> = ();
    type View<'s> = ();
    type Plan = ();

    fn view<T: Tensor>((): &mut ()) {}

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], _: &mut [f32], (): ()) {}
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Sgd {}

#[diagnostic::do_not_recommend]
impl Elementwise for Sgd {
    fn descend_outer(&self, (): &(), learning_rate: f32, input: &[f32], deltas: &[f32], weights: &mut [f32], (): ()) {
        kernel::rank_one_sparse(-learning_rate, input, deltas, weights);
    }

    fn descend_product(
        &self,
        (): &(),
        learning_rate: f32,
        samples: usize,
        (inputs, deltas): (&[f32], &[f32]),
        weights: &mut [f32],
        (): (),
    ) {
        kernel::rank_ones(-learning_rate, samples, inputs, deltas, weights);
    }
}
