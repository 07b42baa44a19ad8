//! Every kernel of `kilograd_simd` against a plain loop in `f64`, at every length up to 200, and with slices that do not
//! fit together.
//!
//! The bounds come from the number of roundings, not from what was measured (`numeric::Sum::error`). That every backend
//! adds in the documented order, to the same bits, is tested beside the kernels, in `simd/tests`.

mod draw;
mod elementwise;
mod mismatched;
mod products;
mod reductions;
mod rules;
mod softmax;
