//! Learning rates, batch sizes and starting points.

mod batches;
mod conditions;
mod plateau;
mod rate_sweep;
mod shapes;
