//! The picture of a training.

use super::{EpochRecord, Misread, Options, Outcome};
use crate::plot::{self, Area, BLUE, Curve, INK, MUTED, ORANGE, Scale, TEAL, Thumbnail, text, titled};
use kilograd_tasks::digits::CITATION;
use std::path::Path;

const SIZE: (u32, u32) = (1600, 1150);
/// Between the panels and around them.
const MARGIN: i32 = 48;

/// Draws the outcome as a PNG: what a curve shows, how the test samples are read, and which are misread.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(path: &Path, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    plot::page(path, SIZE, |page| draw_panels(page, options, outcome))
}

fn draw_panels(page: &Area<'_>, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    let (header, rest) = page.margin(32, 24, MARGIN, MARGIN).split_vertically(100);
    let (charts, rest) = rest.split_vertically(776);
    let (left, right) = charts.split_horizontally(770);
    let (misread, footer) = rest.split_vertically(192);
    draw_header(&header, options, outcome)?;
    draw_curves(&left, &outcome.history)?;
    plot::heat_map(&titled(&right.margin(0, 0, MARGIN, 0), "How the test samples are read")?, &outcome.confusion)?;
    draw_misread(&misread, &outcome.misread)?;
    footer.draw_text(&format!("Data: {CITATION}"), &text(14, MUTED).plain(), (0, 18))?;
    Ok(())
}

/// What was reached, and how.
fn draw_header(area: &Area<'_>, options: &Options, outcome: &Outcome) -> anyhow::Result<()> {
    let title = format!("kilograd reads {:.1} % of the test digits right", 100.0 * outcome.accuracy());
    let how = format!(
        "64-32-10 network, {} parameters; {} at a rate of {}, one sample a step, seed {}, epochs {}; {} bytes of RAM to train",
        outcome.parameters,
        options.optimizer,
        options.rate(),
        options.seed,
        options.epochs,
        outcome.ram.total
    );
    area.draw_text(&title, &text(34, INK).bold(), (0, 0))?;
    area.draw_text(&how, &text(18, MUTED).plain(), (0, 50))?;
    Ok(())
}

fn draw_curves(area: &Area<'_>, history: &[EpochRecord]) -> anyhow::Result<()> {
    let curve = |name, color, value: fn(&EpochRecord) -> f32| Curve { name, color, values: history.iter().map(value).collect() };
    let (top, bottom) = area.split_vertically(area.dim_in_pixel().1 as i32 / 2);
    let losses =
        [curve("training loss", BLUE, |record| record.training_loss), curve("test loss", ORANGE, |record| record.test_loss)];
    let scale = Scale::logarithmic(losses.iter().flat_map(|curve| &curve.values).copied());
    plot::curves(&top, "Loss (cross-entropy)", &scale, &losses)?;
    let accuracy = [curve("test accuracy", TEAL, |record| record.accuracy)];
    let scale = Scale::percent(history.iter().map(|record| record.accuracy));
    plot::curves(&bottom, "Test accuracy", &scale, &accuracy)
}

fn draw_misread(area: &Area<'_>, misread: &[Misread]) -> anyhow::Result<()> {
    let below = area.split_vertically(40).1;
    let title = match (misread.len(), plot::room(&below)) {
        (0, _) => "No test sample is misread".to_owned(),
        (count, room) if count > room => format!("Misread, label → predicted: {room} of {count}"),
        (count, _) => format!("Misread, label → predicted: all {count}"),
    };
    let pictures = misread.iter().map(|sample| Thumbnail {
        pixels: &sample.pixels,
        side: 8,
        caption: format!("{} → {}", sample.label, sample.predicted),
    });
    plot::thumbnails(&titled(area, &title)?, pictures)
}
