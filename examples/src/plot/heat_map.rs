//! A confusion matrix in colour.

use super::{Area, BLUE, FAINT, INK, MUTED, ORANGE, text};
use kilograd::train::ConfusionMatrix;
use plotters::prelude::*;

/// The palest a count that is not zero may be.
const PALEST: f64 = 0.12;
/// Room for the names of the rows.
const LEFT: i32 = 84;
/// Room for the names of the columns.
const TOP: i32 = 64;

/// Draws the matrix as large squares as fit: what is right in blue, what is wrong in orange, each the darker the more.
///
/// # Errors
/// That of the drawing.
pub fn heat_map<const N: usize>(area: &Area<'_>, matrix: &ConfusionMatrix<N>) -> anyhow::Result<()> {
    let (width, height) = area.dim_in_pixel();
    let cell = (width as i32 - LEFT).min(height as i32 - TOP) / N.max(1) as i32;
    draw_names::<N>(area, cell)?;
    let largest = |on_diagonal: bool| {
        let counts = cells::<N>().filter(|(label, read)| (label == read) == on_diagonal);
        counts.map(|(label, read)| matrix.count(label, read)).max().unwrap_or_default().max(1)
    };
    let (most_right, most_wrong) = (largest(true), largest(false));
    for (label, read) in cells::<N>() {
        let (x, y) = (LEFT + cell * read as i32, TOP + cell * label as i32);
        let count = matrix.count(label, read);
        let (color, most) = if label == read { (BLUE, most_right) } else { (ORANGE, most_wrong) };
        let shade = f64::from(count) / f64::from(most);
        if count > 0 {
            let strength = PALEST + (1.0 - PALEST) * shade;
            area.draw(&Rectangle::new([(x, y), (x + cell, y + cell)], color.mix(strength).filled()))?;
            let ink = if strength > 0.7 { WHITE } else { INK };
            area.draw_text(&count.to_string(), &text(20, ink).centered(), (x + cell / 2, y + cell / 2 + 2))?;
        }
        area.draw(&Rectangle::new([(x, y), (x + cell, y + cell)], FAINT.stroke_width(1)))?;
    }
    Ok(())
}

/// All pairs of a label and what it is read as.
fn cells<const N: usize>() -> impl Iterator<Item = (usize, usize)> {
    (0..N).flat_map(|label| (0..N).map(move |read| (label, read)))
}

fn draw_names<const N: usize>(area: &Area<'_>, cell: i32) -> anyhow::Result<()> {
    let side = cell * N as i32;
    area.draw_text("read as", &text(16, MUTED).centered(), (LEFT + side / 2, 16))?;
    let upright = text(16, MUTED).centered().transform(FontTransform::Rotate270);
    area.draw_text("true digit", &upright, (16, TOP + side / 2))?;
    for class in 0..N {
        let middle = cell * class as i32 + cell / 2;
        area.draw_text(&class.to_string(), &text(18, INK).centered(), (LEFT + middle, TOP - 20))?;
        area.draw_text(&class.to_string(), &text(18, INK).centered(), (LEFT - 20, TOP + middle + 2))?;
    }
    Ok(())
}
