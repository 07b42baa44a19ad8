//! Momentum, mini-batches at once.
#![no_std]
#![no_main]

use kilograd::prelude::*;
use kilograd_footprint::training::BatchNet;

kilograd_footprint::firmware!(batches, Memory<BatchNet, Momentum, Accumulated>, Momentum::DEFAULT, SGD_RATE);
