//! The picture of a watched stream.

use super::watch::{EVERY, Record};
use super::{Options, Outcome};
use crate::plot::{self, Area, BLUE, Curve, INK, MUTED, ORANGE, Scale, TEAL, text};
use kilograd_tasks::digits::CITATION;
use std::path::Path;

const SIZE: (u32, u32) = (1600, 1000);
/// Around the panels.
const MARGIN: i32 = 48;

/// Draws the prequential error and when there was training, as a PNG.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(path: &Path, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    plot::page(path, SIZE, |page| draw_panels(page, options, outcome))
}

fn draw_panels(page: &Area<'_>, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    let (header, rest) = page.margin(32, 24, MARGIN, MARGIN).split_vertically(100);
    let (error, rest) = rest.split_vertically(540);
    let (trained, footer) = rest.split_vertically(250);
    let title = format!("kilograd trains on {} of {} samples, when the stream has changed", outcome.trained, outcome.samples);
    let how = format!(
        "Handwritten digits, inverted from sample {} on, turned from sample {} on; 64-32-10 network, SGD, seed {}",
        options.samples + 1,
        2 * options.samples + 1,
        options.seed
    );
    header.draw_text(&title, &text(34, INK).bold(), (0, 0))?;
    header.draw_text(&how, &text(18, MUTED).plain(), (0, 50))?;
    let curve =
        |name, color, value: fn(&Record) -> f32| Curve { name, color, values: outcome.history.iter().map(value).collect() };
    let unit = format!("× {EVERY} samples");
    let errors =
        [curve("trained when it drifts", BLUE, |record| record.error), curve("not again", ORANGE, |record| record.untrained)];
    let scale = Scale::percent(errors.iter().flat_map(|curve| &curve.values).copied());
    plot::curves_over(&error, "Prequential error (misread before it is trained on)", &unit, &scale, &errors)?;
    let shares = [curve("trained", TEAL, |record| record.trained)];
    let scale = Scale::percent([0.0].into_iter());
    plot::curves_over(&trained, "Share of samples trained on", &unit, &scale, &shares)?;
    footer.draw_text(&format!("Data: {CITATION}"), &text(14, MUTED).plain(), (0, 8))?;
    Ok(())
}
