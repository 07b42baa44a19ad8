//! Clipping by value.

use super::{Elementwise, Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor};

/// Clips every element of the gradient to `[−bound, bound]`. *State:* none.
///
/// Source: *Deep Learning*, section 10.11.1 (T. Mikolov, 2012); the cure of section 8.2.4 for cliffs that needs no norm,
/// and so no stored gradient.
///
/// ```
/// use kilograd::optim::{ClipValue, Rule};
///
/// let mut gradient = [3.0, -0.5, -2.0];
/// ClipValue { bound: 1.0 }.transform(&(), &[0.0; 3], &mut gradient, ());
/// assert_eq!(gradient, [1.0, -0.5, -1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ClipValue {
    /// The largest magnitude an element may keep, above 0.
    pub bound: f32,
}

impl Rule for ClipValue {
    const COST: usize = 1;

    type State<T: Tensor> = ();
    type View<'s> = ();
    type Plan = ();

    fn view<T: Tensor>((): &mut ()) {}

    fn check(&self) -> Result<(), Error> {
        Setting::ClipBound.require_positive(self.bound)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), _: &[f32], gradient: &mut [f32], (): ()) {
        for g in gradient {
            // Not f32::clamp: it panics for a NaN bound, and f32::min is a library call on an M4F.
            if *g > self.bound {
                *g = self.bound;
            } else if *g < -self.bound {
                *g = -self.bound;
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for ClipValue {}

#[diagnostic::do_not_recommend]
impl Elementwise for ClipValue {}
