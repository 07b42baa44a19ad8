//! What the user may choose.

use super::Optimizer;
use clap::{Parser, value_parser};

/// Says what training a network takes of RAM, flash and cycles, and which boards hold it.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "plan",
    version,
    after_help = "The network is network![W => W => Relu => … => W] with softmax and cross-entropy. Cycles are estimates for a \
        Cortex-M4F without wait states."
)]
pub struct Options {
    /// Widths from the input to the output, at least two: 64 32 10
    #[arg(required = true, num_args = 2.., value_name = "WIDTH", value_parser = value_parser!(u64).range(1..=65_536))]
    pub widths: Vec<u64>,
    /// Plan for this optimizer only
    #[arg(long, value_enum)]
    pub optimizer: Option<Optimizer>,
    /// Samples of a mini-batch
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u64).range(2..=65_536))]
    pub batch: u64,
    /// The first weights come from flash, not from a generator
    #[arg(long)]
    pub pretrained: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
