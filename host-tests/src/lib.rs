//! What the tests on the desktop share.

pub mod board;
pub mod chapter8;
pub mod flash;
pub mod numeric;
pub mod objectives;
pub mod oracle;

/// The README's examples are tests too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
