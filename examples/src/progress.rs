//! A bar while training runs.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on stderr, an epoch a tick; nothing at all where stderr is not a terminal.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many epochs.
    pub fn new(epochs: u32) -> Self {
        let style = ProgressStyle::with_template("epoch {pos}/{len} {bar:40.cyan} {msg}");
        Self(ProgressBar::new(u64::from(epochs)).with_style(style.unwrap_or(ProgressStyle::default_bar())))
    }

    /// Shows what an epoch came to.
    pub fn show(&self, epoch: u32, loss: f32, accuracy: f32) {
        self.0.set_position(u64::from(epoch));
        self.0.set_message(format!("test loss {loss:.3}, accuracy {:.1} %", 100.0 * accuracy));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
