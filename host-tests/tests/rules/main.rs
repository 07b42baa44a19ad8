//! What rules that treat each parameter by itself promise beside their formulas, which the oracle checks: where they lead,
//! how fast momentum gets, how the book's forms relate to PyTorch's, and that no gradient makes them infinite.

mod adaptive_rates;
mod averages;
mod descent;
mod extremes;
mod momenta;
mod path;
