//! Training together: late gradients, compressed deltas, rounds, and the line that carries them.

mod codecs;
mod delayed;
mod emulated;
mod feedback;
mod frames;
mod rounds;
mod shards;
mod worker;
