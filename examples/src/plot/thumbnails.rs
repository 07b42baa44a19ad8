//! Small pictures in a row.

use super::{Area, FAINT, INK, text};
use plotters::prelude::*;

/// Room for the words below a picture.
const CAPTION_HEIGHT: i32 = 32;
/// The least room between two pictures.
const GAP: i32 = 20;

/// A square picture of few pixels and words below it.
pub struct Thumbnail<'t> {
    /// From 0, paper, to 1, ink; row by row.
    pub pixels: &'t [f32],
    /// How many pixels a row has.
    pub side: usize,
    /// The words.
    pub caption: String,
}

/// How many thumbnails fit into the area's width.
pub fn room(area: &Area<'_>) -> usize {
    let (width, height) = area.dim_in_pixel();
    ((width as i32 + GAP) / (height as i32 - CAPTION_HEIGHT + GAP)).max(0) as usize
}

/// Draws as many as fit, from the left, spread so that a full row is as wide as the area.
///
/// # Errors
/// That of the drawing.
pub fn thumbnails<'t>(area: &Area<'_>, thumbnails: impl Iterator<Item = Thumbnail<'t>>) -> anyhow::Result<()> {
    let (width, height) = area.dim_in_pixel();
    let size = height as i32 - CAPTION_HEIGHT;
    let gaps = (room(area) as i32 - 1).max(1);
    for (place, thumbnail) in (0..).zip(thumbnails.take(room(area))) {
        draw(area, &thumbnail, place * (width as i32 - 1 - size) / gaps, size)?;
    }
    Ok(())
}

fn draw(area: &Area<'_>, thumbnail: &Thumbnail<'_>, left: i32, size: i32) -> anyhow::Result<()> {
    let side = thumbnail.side.max(1) as i32;
    let edge = |index: i32| index * size / side;
    for (index, ink) in (0..).zip(thumbnail.pixels) {
        let (row, column) = (index / side, index % side);
        let corners = [(left + edge(column), edge(row)), (left + edge(column + 1), edge(row + 1))];
        area.draw(&Rectangle::new(corners, INK.mix(f64::from(*ink)).filled()))?;
    }
    area.draw(&Rectangle::new([(left, 0), (left + size, size)], FAINT.stroke_width(1)))?;
    area.draw_text(&thumbnail.caption, &text(18, INK).centered(), (left + size / 2, size + 18))?;
    Ok(())
}
