//! Momentum, one sample a step.
#![no_std]
#![no_main]

use kilograd::prelude::*;
use kilograd_footprint::training::Net;

kilograd_footprint::firmware!(samples, Memory<Net, Momentum>, Momentum::DEFAULT, SGD_RATE);
