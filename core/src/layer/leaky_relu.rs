//! The leaky rectified linear unit.

use super::elementwise::elementwise_layer;
use core::fmt;

/// `y = x` above 0, `slope·x` else; its derivative at 0 is the slope, as in PyTorch. Source: *Deep Learning*,
/// section 6.3.1 (A. Maas et al., 2013).
///
/// ```
/// use kilograd::layer::{Layer, LeakyRelu};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// LeakyRelu::new(0.5).forward(&Vector::new([1.0, -2.0]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([1.0, -1.0]));
/// assert_eq!(LeakyRelu::<2>::default().slope(), 0.01);
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct LeakyRelu<const N: usize> {
    /// The slope's bits, combined with those of the default: all zero for that, so that a `static` of a network takes no
    /// flash.
    slope: u32,
}

elementwise_layer!(LeakyRelu, LeakyRelu { slope: 0 });

impl<const N: usize> LeakyRelu<N> {
    /// PyTorch's.
    const DEFAULT_SLOPE: f32 = 0.01;

    /// With this derivative at and below 0.
    pub const fn new(slope: f32) -> Self {
        Self { slope: slope.to_bits() ^ Self::DEFAULT_SLOPE.to_bits() }
    }

    /// The derivative at and below 0.
    pub const fn slope(&self) -> f32 {
        f32::from_bits(self.slope ^ Self::DEFAULT_SLOPE.to_bits())
    }

    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        let slope = self.slope();
        for (x, y) in x.iter().zip(y) {
            *y = if *x > 0.0 { *x } else { slope * x };
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        let slope = self.slope();
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = if *x > 0.0 { *dy } else { slope * dy };
        }
    }
}

/// A slope of 0.01.
impl<const N: usize> Default for LeakyRelu<N> {
    fn default() -> Self {
        Self::new(Self::DEFAULT_SLOPE)
    }
}

impl<const N: usize> fmt::Debug for LeakyRelu<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeakyRelu").field("slope", &self.slope()).finish()
    }
}
