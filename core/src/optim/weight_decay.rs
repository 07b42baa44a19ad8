//! Weight decay.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};
use kilograd_simd::kernel;

/// Adds `λ·w` to what it is given. *State:* none.
///
/// Before another rule it is L2 regularisation (*Deep Learning*, section 7.1.1), after one it is decoupled weight decay
/// (see [`AdamW`](super::AdamW)).
///
/// ```
/// use kilograd::optim::{Rule, WeightDecay};
///
/// let mut gradient = [1.0];
/// WeightDecay { weight_decay: 0.5 }.transform(&(), &[4.0], &mut gradient, ());
/// assert_eq!(gradient, [3.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WeightDecay {
    /// λ, 0 or more.
    pub weight_decay: f32,
}

impl Rule for WeightDecay {
    const COST: usize = 1;

    type State<T: Tensor> = ();
    type View<'s> = ();
    type Plan = ();

    fn view<T: Tensor>((): &mut ()) {}

    fn check(&self) -> Result<(), Error> {
        Setting::WeightDecay.require_not_negative(self.weight_decay)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), weights: &[f32], gradient: &mut [f32], (): ()) {
        kernel::axpy(self.weight_decay, weights, gradient);
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for WeightDecay {}

#[diagnostic::do_not_recommend]
impl Elementwise for WeightDecay {}
