//! Learning rates, batch sizes and starting points.

mod conditions;
mod plateau;
mod shapes;
