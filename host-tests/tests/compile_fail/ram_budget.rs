//! A budget that the network exceeds.

use kilograd::prelude::*;

type Ram = Memory<network![64 => 32 => Relu => 10], Adam>;

const _: () = assert!(Ram::RAM_BYTES <= 16 * 1024, "the network does not fit into 16 KB of RAM");

fn main() {}
