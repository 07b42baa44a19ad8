//! The program `digits`.

mod options;
mod picture;
mod report;
mod training;

pub use options::{Optimizer, Options};
pub use training::{EpochRecord, Misread, Outcome, Ram, train};

use crate::progress::Progress;
use anyhow::Context;
use std::io::{Write, stdout};

/// Trains as `options` say, writes the report to stdout and draws the picture.
///
/// # Errors
/// What stopped the training, or why the report or the picture could not be written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    options.check()?;
    let progress = Progress::new(options.epochs);
    let outcome = train(options, |record| progress.show(record.epoch, record.test_loss, record.accuracy))?;
    progress.finish();
    let mut out = stdout().lock();
    report::write(&mut out, options, &outcome)?;
    if let Some(path) = options.picture_path() {
        picture::draw(path, options, &outcome).with_context(|| format!("cannot draw {}", path.display()))?;
        writeln!(out, "\nPicture: {}", path.display())?;
    }
    if options.json {
        report::write_json(&mut out, &outcome)?;
    }
    Ok(())
}
