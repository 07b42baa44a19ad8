//! The trust ratio, and what is made of it: LARS and LAMB.

use super::arithmetic::counted_size;
use super::{Adam, Momentum, Rule, Tensorwise, Then, WeightDecay};
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, norm, norm_scale};
use kilograd_simd::kernel;

/// Makes each tensor's step as long as `coefficient` times its weights: multiplies what it is given by
/// `coefficient · ‖w‖ / ‖g‖`, or by 1 where a norm is zero. *State:* none; needs a stored gradient.
///
/// A norm of the weights above [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT) counts as that: a direction is no longer than
/// any gradient may be, and does not lead weights near the largest number beyond it.
///
/// Source: Y. You, I. Gitman and B. Ginsburg, *Large batch training of convolutional networks* (2017); optax'
/// `scale_by_trust_ratio`.
///
/// ```
/// use kilograd::optim::{Rule, TrustRatio};
///
/// let mut direction = [0.0, 10.0];
/// TrustRatio { coefficient: 0.1 }.transform(&(), &[3.0, 4.0], &mut direction, ());
/// assert_eq!(direction, [0.0, 0.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TrustRatio {
    /// How long a step is in weights, above 0.
    pub coefficient: f32,
}

/// Momentum for large batches: weight decay, then the trust ratio, then the velocity. *State:* 1 × f32 a parameter; needs a
/// stored gradient.
///
/// As in optax, decay is inside what the ratio scales. Only if the learning rate changes do the two differ: here it
/// multiplies the whole velocity, there each gradient on its way in. Source: as [`TrustRatio`].
///
/// ```
/// use kilograd::optim::{Lars, Momentum, TrustRatio};
///
/// let rule = Lars::new(0.001, 0.01, Momentum::DEFAULT);
/// assert_eq!(rule.0.1, TrustRatio { coefficient: 0.001 });
/// ```
pub type Lars = Then<Then<WeightDecay, TrustRatio>, Momentum>;

/// Adam for large batches: its direction and weight decay, then the trust ratio. *State:* 2 × f32 a parameter; needs a stored
/// gradient.
///
/// Source: Y. You et al., *Large batch optimization for deep learning: training BERT in 76 minutes* (2020); ε as in optax.
///
/// ```
/// use kilograd::optim::{Lamb, TrustRatio};
///
/// let rule = Lamb::new(0.01);
/// assert_eq!((rule.0.epsilon, rule.1.1), (1e-6, TrustRatio { coefficient: 1.0 }));
/// ```
pub type Lamb = Then<Adam, Then<WeightDecay, TrustRatio>>;

impl Lars {
    /// With this trust coefficient, weight decay and momentum.
    pub const fn new(coefficient: f32, weight_decay: f32, momentum: Momentum) -> Self {
        Self(Then(WeightDecay { weight_decay }, TrustRatio { coefficient }), momentum)
    }
}

impl Lamb {
    /// Adam's default decays, an ε of 10⁻⁶ and this weight decay.
    pub const fn new(weight_decay: f32) -> Self {
        let adam = Adam { epsilon: 1e-6, ..Adam::DEFAULT };
        Self(adam, Then(WeightDecay { weight_decay }, TrustRatio { coefficient: 1.0 }))
    }
}

impl Rule for TrustRatio {
    type State<T: Tensor> = ();
    type View<'s> = ();
    type Plan = ();

    fn view<T: Tensor>((): &mut ()) {}

    fn check(&self) -> Result<(), Error> {
        Setting::TrustCoefficient.require_positive(self.coefficient)
    }

    fn plan<G: Parameters>(&self, _: u32, _: f32, _: Option<&G>) {}

    fn transform(&self, (): &(), weights: &[f32], gradient: &mut [f32], (): ()) {
        let (weights, length) = (counted_size(norm(weights)), norm(gradient));
        if weights > 0.0 && length > 0.0 {
            // Near one first, by a power of two: the quotient of the norms may be no f32, though every product is.
            let (near_one, _) = norm_scale(length);
            kernel::scale(near_one, gradient);
            kernel::scale(self.coefficient * weights / (length * near_one), gradient);
        }
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for TrustRatio {}
