//! The loops of a step with one sample, each row by itself: a third of the code of those beside this folder, for 4 to 34 % more
//! cycles a product. They are what is built where this crate is optimised for size (`opt-level` s or z).

mod add_outer;
mod add_rows;
mod dot_rows;

pub use add_outer::add_outer;
pub use add_rows::add_rows;
pub use dot_rows::dot_rows;
