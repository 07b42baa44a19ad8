//! Methods over a whole objective, against closed forms and `f64` references.

mod bad_input;
mod every;
mod line_search;
mod linear;
mod networks;
mod problems;
