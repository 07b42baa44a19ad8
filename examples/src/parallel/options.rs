//! The command line.

use clap::{Parser, ValueEnum};
use kilograd_federated::Compression;

/// Several boards train one network together, each on its own samples; compares what they must say to each other.
#[derive(Debug, Parser)]
pub struct Options {
    /// How many boards
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub boards: u8,
    /// How many rounds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rounds: u32,
    /// How often a board goes through its samples in a round
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..))]
    pub epochs: u8,
    /// The boards' learning rate
    #[arg(long, default_value_t = 0.02, allow_negative_numbers = true)]
    pub learning_rate: f32,
    /// What draws the first weights
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How the boards write what they say: all three, one after another, unless one is named
    #[arg(long)]
    pub compression: Option<Choice>,
    /// Runs the workers in threads of this program instead of on boards emulated by QEMU
    #[arg(long)]
    pub simulate: bool,
    /// Stops the last board in the middle of this round
    #[arg(long, value_name = "ROUND")]
    pub lose: Option<u32>,
    /// Ends with a line of JSON
    #[arg(long)]
    pub json: bool,
}

/// A way to write deltas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// Four bytes a parameter
    Float,
    /// A byte a parameter
    Int8,
    /// A bit a parameter
    Sign,
}

impl Choice {
    /// The word for it on the line.
    pub fn compression(self) -> Compression {
        match self {
            Self::Float => Compression::Float,
            Self::Int8 => Compression::Int8,
            Self::Sign => Compression::Sign,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Int8 => "int8",
            Self::Sign => "sign",
        }
    }
}

impl Options {
    /// What is to be compared.
    pub fn choices(&self) -> &[Choice] {
        match &self.compression {
            Some(choice) => std::slice::from_ref(choice),
            None => Choice::value_variants(),
        }
    }
}
