//! Eight samples cannot enter a layer for batches of four.

use kilograd::layer::{Batched, Chain, Dense, Relu};

struct Net(Chain<Batched<Dense<64, 32>, 8>, Batched<Relu<32>, 4>>);

fn main() {}
