//! A budget that the network exceeds.

use kilograd::prelude::*;

type Ram = Memory<network![64 => 32 => Relu => 10], Adam>;

budget!(Ram, 16 * 1024);

fn main() {}
