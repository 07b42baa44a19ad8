//! Vectors and matrices against plain loops in `f64`, over several shapes: ordinary numbers, huge and tiny ones, and what lies
//! out of bounds.

mod access;
mod draw;
mod elementwise;
mod norms;
mod products;
