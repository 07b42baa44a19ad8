//! Momentum, mini-batches, sample by sample.
#![no_std]
#![no_main]

use kilograd::prelude::*;
use kilograd_footprint::training::Net;

kilograd_footprint::firmware!(mini_batches, Memory<Net, Momentum, Accumulated>, Momentum::DEFAULT, SGD_RATE);
