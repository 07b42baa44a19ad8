//! What the tests on the desktop share.

pub mod board;
pub mod numeric;
pub mod oracle;
