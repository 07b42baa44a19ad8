//! Inputs of mean 0 and deviation 1.

use kilograd::tensor::Vector;

/// Brings every column of a table to mean 0 and standard deviation 1, by the statistics of the rows it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling<const N: usize> {
    /// The mean of each column.
    pub mean: [f32; N],
    /// One over the standard deviation of each column.
    pub inverse_deviation: [f32; N],
}

impl<const N: usize> Scaling<N> {
    /// The statistics of `rows`; computed in `f64`, in two passes.
    pub fn of<'r>(rows: impl Iterator<Item = &'r [f64; N]> + Clone) -> Self {
        let count = rows.clone().count() as f64;
        let mean: [f64; N] = core::array::from_fn(|j| rows.clone().map(|row| row[j]).sum::<f64>() / count);
        let variance = |j: usize| rows.clone().map(|row| (row[j] - mean[j]) * (row[j] - mean[j])).sum::<f64>() / count;
        Self { mean: mean.map(|m| m as f32), inverse_deviation: core::array::from_fn(|j| (1.0 / libm::sqrt(variance(j))) as f32) }
    }

    /// A scaled row.
    pub fn apply(&self, row: &[f64; N]) -> Vector<N> {
        Vector::from_fn(|j| (row[j] as f32 - self.mean[j]) * self.inverse_deviation[j])
    }
}
