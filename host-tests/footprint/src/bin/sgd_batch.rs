//! Stochastic gradient descent, mini-batches at once.
#![no_std]
#![no_main]

use kilograd::prelude::*;
use kilograd_footprint::training::BatchNet;

kilograd_footprint::firmware!(batches, Memory<BatchNet, Sgd, Accumulated>, Sgd, SGD_RATE);
