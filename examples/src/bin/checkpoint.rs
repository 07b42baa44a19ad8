//! Looks into checkpoints and takes their weights to PyTorch and back.

use anyhow::{Context, Result};
use clap::Parser;
use kilograd_examples::checkpoints::{self, Widths};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Looks into kilograd's checkpoints (docs/checkpoint-format.md) and converts their weights to and from safetensors.
#[derive(Parser)]
enum Command {
    /// Says what a checkpoint holds.
    Info {
        /// The checkpoint.
        file: PathBuf,
    },
    /// Writes the weights of a chain of dense layers as safetensors, with PyTorch's names and layout.
    Export {
        /// The checkpoint.
        file: PathBuf,
        /// The safetensors file to write.
        to: PathBuf,
        /// Widths of the input and of each dense layer: 64,32,10.
        #[arg(long)]
        widths: Widths,
        /// How far the numbers of two dense layers in `Sequential` lie apart: 2 with an activation between them.
        #[arg(long, default_value_t = 2)]
        stride: usize,
    },
    /// Writes the weights of a safetensors file as a checkpoint.
    Import {
        /// The safetensors file.
        file: PathBuf,
        /// The checkpoint to write.
        to: PathBuf,
        /// Widths of the input and of each dense layer: 64,32,10.
        #[arg(long)]
        widths: Widths,
        /// How far the numbers of two dense layers in `Sequential` lie apart: 2 with an activation between them.
        #[arg(long, default_value_t = 2)]
        stride: usize,
        /// A checkpoint whose weights are replaced, while optimizer state, progress and all else stay.
        #[arg(long)]
        into: Option<PathBuf>,
    },
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
}

fn main() -> ExitCode {
    match run(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let of = |file: &Path| file.display().to_string();
    match command {
        Command::Info { file } => println!("{}", checkpoints::describe(&read(&file)?).with_context(|| of(&file))?),
        Command::Export { file, to, widths, stride } => {
            let parameters = checkpoints::parameters(&read(&file)?).with_context(|| of(&file))?;
            write(&to, &checkpoints::export(&parameters, &widths, stride)?)?;
            println!("{} parameters written to {}", parameters.len(), to.display());
        }
        Command::Import { file, to, widths, stride, into } => {
            let loose = checkpoints::import(&read(&file)?, &widths, stride).with_context(|| of(&file))?;
            let bytes = match into {
                Some(other) => checkpoints::with_parameters(&read(&other)?, &loose.flat()).with_context(|| of(&other))?,
                None => loose.to_checkpoint()?,
            };
            write(&to, &bytes)?;
            println!("{} parameters written to {}", widths.parameters(), to.display());
        }
    }
    Ok(())
}
