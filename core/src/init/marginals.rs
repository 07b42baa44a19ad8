//! Biases of an output layer that already knows how frequent the classes are.

use crate::error::Error;
use crate::tensor::{Tensor, Vector};
use kilograd_simd::math::ln;

/// Sets `bias` so that `softmax(bias)` is the classes' marginal distribution: `bᵢ = ln(cᵢ / Σc)`. A network whose weights say
/// nothing yet then starts at the loss that knowing the marginals alone gives, their entropy.
///
/// `marginals` are shares or counts. Source: *Deep Learning*, section 8.4.
///
/// ```
/// use kilograd::init::fit_marginals;
/// use kilograd::prelude::*;
///
/// let mut net = <network![4 => 8 => Relu => 2]>::ZERO;
/// fit_marginals(&Vector::new([30.0, 10.0]), &mut net.second.bias)?;
/// let (loss, mut gradient) = (CrossEntropy::default(), Vector::ZERO);
/// assert!((loss.evaluate(&net.second.bias, &1, &mut gradient)? - 4.0_f32.ln()).abs() < 1e-6);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::TargetInvalid`] for a share that is not a finite number above 0 (the bias of a class that never occurs would be −∞),
/// or a sum that is not finite. `bias` is then as it was.
pub fn fit_marginals<const CLASSES: usize>(marginals: &Vector<CLASSES>, bias: &mut Vector<CLASSES>) -> Result<(), Error> {
    let sum = marginals.sum();
    if !sum.is_finite() || !marginals.as_slice().iter().all(|share| *share > 0.0) {
        return Err(Error::TargetInvalid);
    }
    for (bias, share) in bias.as_mut_slice().iter_mut().zip(marginals.as_slice()) {
        *bias = ln(*share) - ln(sum);
    }
    Ok(())
}
