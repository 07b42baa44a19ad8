//! Training that can be interrupted, that guards itself, and that notices when its stream changes.

mod divergence;
mod drift;
mod sliced;
