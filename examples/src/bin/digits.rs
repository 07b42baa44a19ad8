//! Trains the digits.
fn main() {}
