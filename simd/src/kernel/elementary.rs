//! Elementary functions of every element of a slice: the bits of [`math`](crate::math)'s definitions.

use crate::backend;
use crate::math;

/// `xᵢ ← exp(xᵢ)`.
///
/// ```
/// let mut x = [0.0, -1e4];
/// kilograd_simd::kernel::exp(&mut x);
/// assert_eq!(x, [1.0, 0.0]);
/// ```
pub fn exp(x: &mut [f32]) {
    if backend::exp(x).is_none() {
        x.iter_mut().for_each(|x| *x = math::exp(*x));
    }
}

/// `xᵢ ← tanh(xᵢ)`.
///
/// ```
/// let mut x = [0.0, -1e4];
/// kilograd_simd::kernel::tanh(&mut x);
/// assert_eq!(x, [0.0, -1.0]);
/// ```
pub fn tanh(x: &mut [f32]) {
    if backend::tanh(x).is_none() {
        x.iter_mut().for_each(|x| *x = math::tanh(*x));
    }
}

/// `xᵢ ← 1 / (1 + exp(−xᵢ))`.
///
/// ```
/// let mut x = [0.0, -1e4];
/// kilograd_simd::kernel::sigmoid(&mut x);
/// assert_eq!(x, [0.5, 0.0]);
/// ```
pub fn sigmoid(x: &mut [f32]) {
    if backend::sigmoid(x).is_none() {
        x.iter_mut().for_each(|x| *x = math::sigmoid(*x));
    }
}
