//! The exponential linear unit.

use super::elementwise::elementwise_layer;
use super::preset::Preset;
use kilograd_simd::math::{exp, exp_m1};

/// PyTorch's.
const DEFAULT_SCALE: u32 = 1.0_f32.to_bits();

/// `y = x` above 0, `α·(eˣ − 1)` else; its derivative at 0 is α, as in PyTorch. Source: D. Clevert et al., *Fast and accurate
/// deep network learning by exponential linear units* (2015).
///
/// ```
/// use kilograd::layer::{Elu, Layer};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut y = Vector::ZERO;
/// Elu::new(0.5).forward(&Vector::new([2.0, -1e4]), &mut y, &mut ());
/// assert_eq!(y, Vector::new([2.0, -0.5]));
/// assert_eq!(Elu::<2>::default().alpha(), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Elu<const N: usize> {
    alpha: Preset<DEFAULT_SCALE>,
}

elementwise_layer!(Elu, Elu { alpha: Preset::DEFAULT });

impl<const N: usize> Elu<N> {
    /// With this α.
    pub const fn new(alpha: f32) -> Self {
        Self { alpha: Preset::new(alpha) }
    }

    /// What y tends to on the left is −α; 1 unless said otherwise.
    pub const fn alpha(&self) -> f32 {
        self.alpha.get()
    }

    fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
        let alpha = self.alpha();
        for (x, y) in x.iter().zip(y) {
            *y = if *x > 0.0 { *x } else { alpha * exp_m1(*x) };
        }
    }

    fn backward_slice(&self, x: &[f32], _: &[f32], dy: &[f32], dx: &mut [f32]) {
        let alpha = self.alpha();
        for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
            *dx = if *x > 0.0 { *dy } else { dy * (alpha * exp(*x)) };
        }
    }
}
