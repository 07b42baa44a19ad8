//! The logarithm of softmax.

use super::elementwise::elementwise_layer;
use kilograd_simd::kernel;
use kilograd_simd::math::exp;

/// `yᵢ = xᵢ − ln Σⱼ eˣʲ`. Source: *Deep Learning*, equation 6.30. [`CrossEntropy`](crate::loss::CrossEntropy) has it built in.
///
/// ```
/// use kilograd::layer::{Layer, LogSoftmax};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// LogSoftmax.forward(&Vector::new([1e4, -1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([0.0, -2e4]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LogSoftmax<const N: usize>;

elementwise_layer!(LogSoftmax, LogSoftmax);

impl<const N: usize> LogSoftmax<N> {
    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        let (largest, log_sum) = kernel::softmax(x, y);
        for (x, y) in x.iter().zip(y) {
            *y = (x - largest) - log_sum;
        }
    }

    fn backward_slice(&self, _: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
        let sum = kernel::sum(dy);
        for ((y, dy), dx) in y.iter().zip(dy).zip(dx) {
            *dx = dy - exp(*y) * sum;
        }
    }
}
