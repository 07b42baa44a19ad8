//! The leaky rectified linear unit.

use super::elementwise::elementwise_layer;

/// `y = x` above 0, `slope·x` else; its derivative at 0 is the slope, as in PyTorch. Source: *Deep Learning*,
/// section 6.3.1 (A. Maas et al., 2013).
///
/// ```
/// use kilograd::layer::{Layer, LeakyRelu};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// LeakyRelu { slope: 0.5 }.forward(&Vector::new([1.0, -2.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([1.0, -1.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyRelu<const N: usize> {
    /// The derivative at and below 0.
    pub slope: f32,
}

elementwise_layer!(LeakyRelu, LeakyRelu::DEFAULT);

impl<const N: usize> LeakyRelu<N> {
    /// A slope of 0.01, PyTorch's.
    pub const DEFAULT: Self = Self { slope: 0.01 };

    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        for (x, y) in x.iter().zip(y) {
            *y = if *x > 0.0 { *x } else { self.slope * x };
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = if *x > 0.0 { *dy } else { self.slope * dy };
        }
    }
}

impl<const N: usize> Default for LeakyRelu<N> {
    fn default() -> Self {
        Self::DEFAULT
    }
}
