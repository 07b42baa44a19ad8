//! The leaky rectified linear unit.

use super::elementwise::elementwise_layer;
use super::preset::Preset;

/// PyTorch's.
const DEFAULT_SLOPE: u32 = 0.01_f32.to_bits();

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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LeakyRelu<const N: usize> {
    slope: Preset<DEFAULT_SLOPE>,
}

elementwise_layer!(LeakyRelu, LeakyRelu { slope: Preset::DEFAULT });

impl<const N: usize> LeakyRelu<N> {
    /// With this derivative at and below 0.
    pub const fn new(slope: f32) -> Self {
        Self { slope: Preset::new(slope) }
    }

    /// The derivative at and below 0; 0.01 unless said otherwise.
    pub const fn slope(&self) -> f32 {
        self.slope.get()
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
