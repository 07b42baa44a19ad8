//! What several of the tests need.

use kilograd::prelude::*;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

pub fn rng(seed: u64) -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(seed)
}

/// Uniform in [−1, 1).
pub fn uniform(rng: &mut impl Rng) -> f32 {
    (rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0
}

/// A number below `count`.
pub fn below(count: usize, rng: &mut impl Rng) -> usize {
    ((u64::from(rng.next_u32()) * count as u64) >> 32) as usize
}

/// All groups, one after another.
pub fn flat(parameters: &impl Parameters) -> Vec<f32> {
    let mut flat = Vec::new();
    parameters.visit(&mut |group| flat.extend_from_slice(group));
    flat
}

/// The mean of `values`.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The slope of the straight line through (ln x, ln y) with the least squares.
pub fn log_log_slope(points: &[(f64, f64)]) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|(x, y)| (x.ln(), y.ln())).unzip();
    let (mean_x, mean_y) = (mean(&x), mean(&y));
    let covariance: f64 = x.iter().zip(&y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    covariance / x.iter().map(|x| (x - mean_x).powi(2)).sum::<f64>()
}
