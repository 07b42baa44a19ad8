//! What the user may choose.

use crate::plot;
use clap::{Parser, ValueEnum, value_parser};
use std::path::{Path, PathBuf};

/// Watches a stream of handwritten digits that are first upright, then inverted, then turned, and trains only when it has to.
#[derive(Clone, Debug, Parser)]
#[command(name = "drift", version)]
pub struct Options {
    /// What notices that the stream has changed
    #[arg(long, value_enum, default_value_t = Test::Ddm)]
    pub test: Test,
    /// How many samples come before the stream changes
    #[arg(long, default_value_t = 4_000, value_parser = value_parser!(u32).range(100..=1_000_000))]
    pub samples: u32,
    /// Where the random numbers start: the first weights, and which samples come
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// End with a line of JSON
    #[arg(long)]
    pub json: bool,
    /// Where to draw the picture
    #[arg(long, value_name = "PATH", default_value = "drift.png")]
    pub picture: PathBuf,
    /// Draw no picture
    #[arg(long, conflicts_with = "picture")]
    pub no_picture: bool,
}

/// Tests for drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Test {
    /// The drift detection method, on whether digits are misread
    Ddm,
    /// Page-Hinkley, on the loss
    PageHinkley,
}

impl Test {
    /// Its name in the picture.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ddm => "drift detection method",
            Self::PageHinkley => "Page-Hinkley test",
        }
    }
}

impl Options {
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
