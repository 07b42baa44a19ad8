//! Checkpoints on the desktop: what they hold, and their weights to and from safetensors.
//!
//! ```text
//! file         a checkpoint's sections, whatever it is a checkpoint of
//! safetensors  dense layers with PyTorch's names and layout
//! ```

mod file;
mod safetensors;

pub use file::{describe, parameters, with_parameters};
pub use safetensors::{Widths, export, import};
