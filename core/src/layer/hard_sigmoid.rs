//! The sigmoid in three straight pieces.

use super::elementwise::elementwise_layer;

const SLOPE: f32 = 1.0 / 6.0;

/// `y = x/6 + 1/2`, at least 0 and at most 1: no exponential. Its derivative at ±3 is 0, as in PyTorch. Source:
/// A. Howard et al., *Searching for MobileNetV3* (2019).
///
/// ```
/// use kilograd::layer::{HardSigmoid, Layer};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// HardSigmoid.forward(&Vector::new([0.0, 1e4, -3.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.5, 1.0, 0.0]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HardSigmoid<const N: usize>;

elementwise_layer!(HardSigmoid, HardSigmoid);

impl<const N: usize> HardSigmoid<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = match *x {
                x if x <= -3.0 => 0.0,
                x if x >= 3.0 => 1.0,
                x => x * SLOPE + 0.5,
            };
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = if x.abs() < 3.0 { SLOPE * dy } else { 0.0 };
        }
    }
}
