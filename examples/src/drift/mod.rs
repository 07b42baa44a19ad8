//! The program `drift`.

mod options;
mod picture;
mod report;
mod stream;
mod watch;

pub use options::{Options, Test};
pub use stream::{LOOKS, Look};
pub use watch::{Outcome, Record, Training, watch};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{Write, stdout};

/// Watches the stream as `options` say, writes the report to stdout and draws the picture.
///
/// # Errors
/// What stopped the training, or why the report or the picture could not be written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    options.check()?;
    let style = ProgressStyle::with_template("sample {pos}/{len} {bar:40.cyan} {msg}")?;
    let bar = ProgressBar::new(LOOKS.len() as u64 * u64::from(options.samples)).with_style(style);
    let outcome = watch(options, |record| {
        bar.inc(u64::from(watch::EVERY));
        bar.set_message(format!("error {:.1} %{}", 100.0 * record.error, if record.trained > 0.0 { ", training" } else { "" }));
    });
    bar.finish_and_clear();
    let outcome = outcome?;
    let mut out = stdout().lock();
    report::write(&mut out, &outcome)?;
    if let Some(path) = options.picture_path() {
        picture::draw(path, options, &outcome).with_context(|| format!("cannot draw {}", path.display()))?;
        writeln!(out, "\nPicture: {}", path.display())?;
    }
    if options.json {
        report::write_json(&mut out, &outcome)?;
    }
    Ok(())
}
