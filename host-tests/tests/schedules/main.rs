//! Learning rates, batch sizes, starting points, and rules that see a whole tensor.

mod batches;
mod conditions;
mod jacobi;
mod layer_scale;
mod plateau;
mod rate_sweep;
mod shapes;
mod starts;
mod tensorwise;
