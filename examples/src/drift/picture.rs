//! The picture of a watched stream.

use super::stream::LOOKS;
use super::watch::{EVERY, Record, Training};
use super::{Options, Outcome};
use crate::plot::{self, Area, BLUE, Curve, INK, MUTED, ORANGE, Scale, Span, Timeline, text};
use kilograd_tasks::digits::CITATION;
use std::path::Path;

const SIZE: (u32, u32) = (1600, 900);
/// Around the panel.
const MARGIN: i32 = 48;

/// Draws the prequential error, when a drift was noticed and when training stopped, as a PNG.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(path: &Path, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    plot::page(path, SIZE, |page| draw_panels(page, options, outcome))
}

fn draw_panels(page: &Area<'_>, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    let (header, rest) = page.margin(32, 24, MARGIN, MARGIN).split_vertically(100);
    let (error, footer) = rest.split_vertically(700);
    let title = format!("kilograd trains on {} of {} samples, when the stream has changed", outcome.trained, outcome.samples);
    let how = format!(
        "Handwritten digits whose look changes twice; shaded: training. 64-32-10 network, SGD, {}, seed {}",
        options.test.name(),
        options.seed
    );
    header.draw_text(&title, &text(34, INK).bold(), (0, 0))?;
    header.draw_text(&how, &text(20, MUTED).plain(), (0, 50))?;
    let curve =
        |name, color, value: fn(&Record) -> f32| Curve { name, color, values: outcome.history.iter().map(value).collect() };
    let curves = [
        curve("never trained again", ORANGE, |record| record.untrained),
        curve("trains when it notices a drift", BLUE, |record| record.error),
    ];
    let stretches: Vec<_> = (0..)
        .zip(LOOKS)
        .map(|(number, look)| {
            let before = number * options.samples;
            Span { from: before + 1, to: before + options.samples, name: format!("digits are {}", look.name()) }
        })
        .collect();
    let marked: Vec<_> = outcome.trainings.iter().map(|training| span(training, outcome.samples)).collect();
    let timeline = Timeline { curves: &curves, every: EVERY, stretches: &stretches, marked: &marked };
    let scale = Scale::percent([0.0].into_iter());
    plot::timeline(&error, "Prequential error: digits misread, each before it is trained on", &scale, &timeline)?;
    footer.draw_text(&format!("Data: {CITATION}"), &text(14, MUTED).plain(), (0, 24))?;
    Ok(())
}

/// What is said of a time of training.
fn span(training: &Training, samples: u32) -> Span {
    let began = match training.from {
        1 => "trains from the start".to_owned(),
        from => format!("drift noticed at {from}"),
    };
    let name = match training.to {
        Some(to) => format!("{began}, stops at {to}"),
        None => format!("{began}, trains to the end"),
    };
    Span { from: training.from, to: training.to.unwrap_or(samples), name }
}
