//! Learning rates, batch sizes and starting points.

mod batches;
mod conditions;
mod layer_scale;
mod plateau;
mod rate_sweep;
mod shapes;
mod starts;
