//! Adam, mini-batches at once.
#![no_std]
#![no_main]

use kilograd::prelude::*;
use kilograd_footprint::training::BatchNet;

kilograd_footprint::firmware!(batches, Memory<BatchNet, Adam, Accumulated>, Adam::DEFAULT, ADAM_RATE);
