//! Two ways to take a step, compositions of rules, batches, whole trainings: what must come to the same does, to the bit
//! where nothing but the order of equal operations differs.

mod batches;
mod rules;
mod trainings;
