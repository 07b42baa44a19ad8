//! Methods over a whole objective, against closed forms and `f64` references.

mod every;
mod line_search;
mod linear;
mod problems;
