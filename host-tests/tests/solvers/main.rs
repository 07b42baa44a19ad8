//! Methods over a whole objective, against closed forms and `f64` references.

mod explore;
mod linear;
