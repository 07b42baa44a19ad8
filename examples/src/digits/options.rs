//! What the user may choose.

use crate::plot;
use clap::{Parser, ValueEnum, value_parser};
use kilograd::optim::schedule::Schedule;
use kilograd_tasks::digits;
use std::fmt;
use std::path::{Path, PathBuf};

/// Trains a 64-32-10 network on handwritten digits, one sample a step, and shows how well it does.
#[derive(Clone, Debug, Parser)]
#[command(name = "digits", version, after_help = "The same seed trains to the same bits as on a microcontroller.")]
pub struct Options {
    /// How a gradient becomes a step
    #[arg(long, value_enum, default_value_t = Optimizer::Adam)]
    pub optimizer: Optimizer,
    /// How often to go through the training samples
    #[arg(long, default_value_t = 30, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub epochs: u32,
    /// Where the random numbers start: the first weights, and the order of the samples
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Learning rate [default: the one that suits the optimizer]
    #[arg(long, value_name = "RATE", value_parser = learning_rate, allow_hyphen_values = true)]
    pub learning_rate: Option<f32>,
    /// End with a line of JSON
    #[arg(long)]
    pub json: bool,
    /// Where to draw the picture
    #[arg(long, value_name = "PATH", default_value = "digits.png")]
    pub picture: PathBuf,
    /// Draw no picture
    #[arg(long, conflicts_with = "picture")]
    pub no_picture: bool,
}

/// Update rules, by their names on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Optimizer {
    /// Stochastic gradient descent
    Sgd,
    /// Momentum 0.9
    Momentum,
    /// Momentum 0.9 with Nesterov's look-ahead
    Nesterov,
    /// Adam
    Adam,
    /// Adam with a decoupled weight decay of 0.01
    #[value(name = "adamw")]
    AdamW,
}

impl Options {
    /// The learning rate to train with.
    pub fn rate(&self) -> f32 {
        self.learning_rate.unwrap_or(match self.optimizer {
            Optimizer::Sgd => digits::SGD_RATE,
            Optimizer::Momentum | Optimizer::Nesterov => digits::MOMENTUM_RATE,
            Optimizer::Adam | Optimizer::AdamW => digits::ADAM_RATE,
        })
    }

    /// Where to draw the picture, if one is wanted.
    pub fn picture_path(&self) -> Option<&Path> {
        (!self.no_picture).then_some(self.picture.as_path())
    }

    /// Finds what would fail only after the training.
    ///
    /// # Errors
    /// Says why the picture cannot be drawn where it is wanted.
    pub fn check(&self) -> anyhow::Result<()> {
        self.picture_path().map_or(Ok(()), plot::check_path)
    }
}

impl fmt::Display for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sgd => "SGD",
            Self::Momentum => "momentum",
            Self::Nesterov => "Nesterov's momentum",
            Self::Adam => "Adam",
            Self::AdamW => "AdamW",
        })
    }
}

/// A number that the library takes for a learning rate.
fn learning_rate(text: &str) -> anyhow::Result<f32> {
    let rate: f32 = text.parse()?;
    rate.check()?;
    Ok(rate)
}
