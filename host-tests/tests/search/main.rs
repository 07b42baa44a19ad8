//! The searches of `kilograd::solver` against references that store what they regenerate, closed forms, and each other.

mod blocks;
mod blur;
mod coordinates;
mod curvature;
mod descent;
mod evolution;
mod functions;
mod memory;
mod spsa;
mod undo;
