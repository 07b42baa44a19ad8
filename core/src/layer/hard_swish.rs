//! The sigmoid linear unit without its sigmoid.

use super::elementwise::elementwise_layer;

/// `y = x·(x + 3)/6` between −3 and 3, 0 below, x above: [`Silu`](super::Silu) without an exponential. Its derivative is 0 at
/// −3 and 1 at 3, as in PyTorch. Source: A. Howard et al., *Searching for MobileNetV3* (2019).
///
/// ```
/// use kilograd::layer::{HardSwish, Layer};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// HardSwish.forward(&Vector::new([1e38, -1e38, 1.5]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([1e38, 0.0, 1.125]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HardSwish<const N: usize>;

elementwise_layer!(HardSwish, HardSwish);

impl<const N: usize> HardSwish<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = match *x {
                x if x <= -3.0 => 0.0,
                x if x >= 3.0 => x,
                x => x * (x + 3.0) * (1.0 / 6.0),
            };
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = match *x {
                x if x <= -3.0 => 0.0,
                x if x >= 3.0 => *dy,
                x => dy * (x * (1.0 / 3.0) + 0.5),
            };
        }
    }
}
