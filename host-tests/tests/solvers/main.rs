//! Methods over a whole objective, against closed forms and `f64` references.

mod linear;
mod explore;
