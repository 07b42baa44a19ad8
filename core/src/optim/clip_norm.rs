//! Clipping by norm.

use super::Rule;
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, norm_scale};
use kilograd_simd::{kernel, math};

/// Scales the whole gradient by `min(1, bound / (norm + 10⁻⁶))`. *State:* none; needs a stored gradient.
///
/// Source: *Deep Learning*, equation 10.48 and section 8.2.4 (R. Pascanu et al., 2013); the 10⁻⁶ is PyTorch's.
///
/// ```
/// use kilograd::optim::{ClipNorm, Rule};
/// use kilograd::tensor::Vector;
///
/// let gradient = Vector::new([3.0, 4.0]);
/// let rule = ClipNorm::new(1.0);
/// assert_eq!(rule.norm.of(&gradient), 5.0);
/// let plan = rule.plan(1, 0.1, Some(&gradient));
/// let mut clipped = *gradient.as_array();
/// rule.transform(&plan, &[0.0; 2], &mut clipped, ());
/// assert!((clipped[0] - 0.6).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ClipNorm {
    /// The largest norm the gradient may keep, above 0.
    pub bound: f32,
    /// Which norm.
    pub norm: Norm,
}

/// A norm over all parameter groups together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Norm {
    /// The sum of magnitudes.
    L1,
    /// Euclidean.
    L2,
    /// The largest magnitude.
    Max,
}

impl ClipNorm {
    /// Clips at this Euclidean norm.
    pub const fn new(bound: f32) -> Self {
        Self { bound, norm: Norm::L2 }
    }
}

impl Norm {
    /// The norm of all groups. Squares neither overflow nor underflow on the way; NaN if an element is NaN.
    pub fn of<G: Parameters>(self, groups: &G) -> f32 {
        match self {
            Self::L1 => {
                let mut norm = 0.0;
                groups.visit(&mut |group| norm += kernel::sum_of_magnitudes(group));
                norm
            }
            Self::L2 => euclidean(groups),
            Self::Max => largest(groups),
        }
    }
}

fn largest<G: Parameters>(groups: &G) -> f32 {
    let mut largest = 0.0;
    groups.visit(&mut |group| {
        let here = kernel::max_abs(group);
        // Not f32::max, which drops NaN.
        if here > largest || here.is_nan() {
            largest = here;
        }
    });
    largest
}

fn euclidean<G: Parameters>(groups: &G) -> f32 {
    let largest = largest(groups);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let (scale, unscale) = norm_scale(largest);
    let mut squares = 0.0;
    groups.visit(&mut |group| squares += kernel::sum_of_squares(group, scale));
    unscale * math::sqrt(squares)
}

impl Rule for ClipNorm {
    const COST: usize = 1;

    type State<T: Tensor> = ();
    type View<'s> = ();
    /// The factor for every element.
    type Plan = f32;

    fn view<T: Tensor>((): &mut ()) {}

    fn check(&self) -> Result<(), Error> {
        Setting::ClipBound.require_positive(self.bound)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, gradient: Option<&G>) -> f32 {
        let norm = gradient.map_or(0.0, |gradient| self.norm.of(gradient));
        let factor = self.bound / (norm + 1e-6);
        if factor < 1.0 { factor } else { 1.0 }
    }

    fn transform(&self, factor: &f32, _: &[f32], gradient: &mut [f32], (): ()) {
        if *factor < 1.0 {
            kernel::scale(*factor, gradient);
        }
    }
}
