//! How large an update is for the weights it changes.

use crate::tensor::{Parameters, norm_scale};
use kilograd_simd::{kernel, math};

/// Shows `‖after − before‖ / ‖before‖` of each parameter group, in order: of a layer's weights, then of its biases. About
/// 10⁻³ a step is what a suitable learning rate makes of weights; far more or less says which layer learns too quickly or not
/// at all. Infinite where everything was zero and something is not; 0 where nothing changed. *Memory:* a copy of the network,
/// made before the step ([`Curvature`](super::Curvature) leaves one behind).
///
/// Source: A. Karpathy, *CS231n*, "Babysitting the learning process".
///
/// ```
/// use kilograd::tensor::Vector;
/// use kilograd::train::monitor::update_ratios;
///
/// let (before, after) = ((Vector::new([3.0, 4.0]), Vector::new([0.0])), (Vector::new([3.0, 4.5]), Vector::new([0.0])));
/// let mut ratios = (f32::NAN, f32::NAN);
/// update_ratios(&before, &after, &mut |ratio| ratios = (ratios.1, ratio));
/// assert_eq!(ratios, (0.1, 0.0));
/// ```
pub fn update_ratios<N: Parameters>(before: &N, after: &N, see: &mut impl FnMut(f32)) {
    before.visit_with(after, &mut |before, after| see(ratio(before, after)));
}

fn ratio(before: &[f32], after: &[f32]) -> f32 {
    let largest = kernel::max_abs(before);
    let (scale, _) = norm_scale(largest);
    let changes = before.iter().zip(after).map(|(before, after)| (after - before) * scale);
    let changed = changes.fold(0.0, |sum, change| sum + change * change);
    if changed == 0.0 {
        return 0.0;
    }
    math::sqrt(changed / kernel::sum_of_squares(before, scale))
}
