//! 32 values cannot enter a layer that takes 30.

use kilograd::layer::{Chain, Dense, Relu};

struct Net(Chain<Dense<64, 32>, Relu<30>>);

fn main() {}
