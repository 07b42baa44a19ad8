//! Mean and deviation of what flows.

use crate::tensor::count;
use kilograd_simd::{kernel, math};

/// Mean and standard deviation of all values seen, one sample's after another. *Memory:* 12 bytes.
///
/// Each sample's values are gone through twice, and joined to those before: no difference of large sums, as `E[x²] − E[x]²`
/// would be. Source: T. Chan, G. Golub and R. LeVeque, *Algorithms for computing the sample variance* (1983), whose case of
/// single values is B. Welford's (1962).
///
/// ```
/// use kilograd::train::monitor::Spread;
///
/// let mut spread = Spread::DEFAULT;
/// spread.observe(&[1001.0, 1003.0]);
/// spread.observe(&[1005.0, 1007.0]);
/// assert_eq!((spread.mean(), spread.deviation()), (1004.0, 5.0_f32.sqrt()));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Spread {
    count: f32,
    mean: f32,
    /// Summed squares of the differences to the mean.
    squares: f32,
}

impl Spread {
    /// Nothing seen yet.
    pub const DEFAULT: Self = Self { count: 0.0, mean: 0.0, squares: 0.0 };

    /// Takes the values of one sample.
    pub fn observe(&mut self, values: &[f32]) {
        let new = count(values.len());
        let total = self.count + new;
        if new == 0.0 {
            return;
        }
        let mean = kernel::sum(values) / new;
        let squares = values.iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean));
        let apart = mean - self.mean;
        let share = new / total;
        self.mean += apart * share;
        self.squares += squares + apart * apart * (self.count * share);
        self.count = total;
    }

    /// The mean; 0 if nothing was seen.
    pub fn mean(&self) -> f32 {
        self.mean
    }

    /// The standard deviation, over as many values as were seen (not one less); 0 if nothing was.
    pub fn deviation(&self) -> f32 {
        if self.count > 0.0 { math::sqrt(self.squares / self.count) } else { 0.0 }
    }
}
