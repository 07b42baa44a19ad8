//! A batch of 8 × 32 values cannot enter a layer that takes 8 × 30.

use kilograd::layer::{BatchNorm, Batched, Chain, Dense};

struct Net(Chain<Batched<Dense<64, 32>, 8>, BatchNorm<8, 30>>);

fn main() {}
