//! Descent by signs.

use super::arithmetic::sign;
use super::{Elementwise, Rule, Tensorwise};
use crate::error::Error;
use crate::tensor::{Parameters, Tensor};

/// Sign-SGD: `w ← w − η·sign(g)`. *State:* none.
///
/// Every parameter moves by the learning rate. One bit of the gradient is used: what distributed training has to send.
///
/// Source: J. Bernstein et al., *signSGD: compressed optimisation for non-convex problems* (2018).
///
/// ```
/// use kilograd::optim::{Rule, SignSgd};
///
/// let mut gradient = [3.0, -1e-30, 0.0];
/// SignSgd.transform(&(), &[0.0; 3], &mut gradient, ());
/// assert_eq!(gradient, [1.0, -1.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SignSgd;

impl Rule for SignSgd {
    const COST: usize = 2;

    type State<T: Tensor> = ();
    type View<'s> = ();
    type Plan = ();

    fn view<T: Tensor>((): &mut ()) {}

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], (): ()) {
        for g in gradient {
            *g = sign(*g);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for SignSgd {}

#[diagnostic::do_not_recommend]
impl Elementwise for SignSgd {}
