//! Helium, the vector extension of a Cortex-M55 or M85, for products of a matrix and a vector.
//!
//! Four numbers in a register, multiplied and added apart, or with the feature `fused` at once, in the order of the portable body.
//! What is special is how Helium treats subnormals: **its floating-point instructions take them for zero and return zero instead of
//! them**, whatever the FPSCR says (and return one NaN for all). So results have the bits of every other target as long as no
//! weight, input, bias, product or running sum is subnormal.
#![allow(unsafe_code)]

mod add_rows;

pub use add_rows::add_rows;
