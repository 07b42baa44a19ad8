//! No panic can be linked, and what shows it leaves nothing out.

mod items;
mod links;
mod public;
