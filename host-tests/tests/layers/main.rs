//! Layers: what they promise beyond their gradients.
//!
//! | file | what it shows |
//! |---|---|
//! | `dropout` | trained and inferred, masks drawn twice, passes counted |
//! | `long_term` | gradients through time against λᵗ; truncation |
//! | `normalisation` | invariances; inputs near the ends of f32 |
//! | `steps` | fused and accumulated steps of every layer with parameters |

mod dropout;
mod long_term;
mod normalisation;
mod steps;
