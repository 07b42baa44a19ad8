//! What the user may choose.

use crate::plot;
use clap::{Parser, value_parser};
use std::path::{Path, PathBuf};

/// Races all optimizers on handwritten digits, iris flowers and Rosenbrock's function.
#[derive(Clone, Debug, Parser)]
#[command(name = "optimizers", version)]
pub struct Options {
    /// From how many seeds to train each classifier
    #[arg(long, default_value_t = 5, value_parser = value_parser!(u32).range(1..=1_000))]
    pub seeds: u32,
    /// How often to go through the digits; the iris flowers are seen three times as often
    #[arg(long, default_value_t = 30, value_parser = value_parser!(u32).range(1..=10_000))]
    pub epochs: u32,
    /// Where to draw the picture
    #[arg(long, value_name = "PATH", default_value = "optimizers.png")]
    pub picture: PathBuf,
    /// Draw no picture
    #[arg(long, conflicts_with = "picture")]
    pub no_picture: bool,
}

impl Options {
    /// Where to draw the picture, if one is wanted.
    pub fn picture_path(&self) -> Option<&Path> {
        (!self.no_picture).then_some(self.picture.as_path())
    }

    /// Finds what would fail only after the race.
    ///
    /// # Errors
    /// Says why the picture cannot be drawn where it is wanted.
    pub fn check(&self) -> anyhow::Result<()> {
        self.picture_path().map_or(Ok(()), plot::check_path)
    }
}
