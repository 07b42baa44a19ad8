//! Horizontal bars, a row for each name.

use super::{Area, FAINT, INK, MUTED, text};
use plotters::prelude::*;

/// Room above the rows for a column's title.
const TOP: i32 = 44;
/// Room right of the longest bar for its label.
const LABEL: i32 = 84;

/// A column of bars.
pub struct Bars<'b> {
    /// What they measure.
    pub title: &'b str,
    /// Their colour.
    pub color: RGBColor,
    /// A value for each row, and its label; a row without one has none.
    pub values: Vec<Option<(f64, String)>>,
}

/// Writes a name at the height of each row.
///
/// # Errors
/// That of the drawing.
pub fn names(area: &Area<'_>, names: &[&str]) -> anyhow::Result<()> {
    for (row, name) in (0..).zip(names) {
        let (top, height) = place(area, names.len(), row);
        area.draw_text(name, &text(17, INK).plain(), (0, top + height / 2 - 9))?;
    }
    Ok(())
}

/// Draws a column of bars; equal lengths are equal differences.
///
/// # Errors
/// That of the drawing.
pub fn bars(area: &Area<'_>, bars: &Bars<'_>) -> anyhow::Result<()> {
    area.draw_text(bars.title, &text(17, MUTED).bold(), (0, 8))?;
    let longest = bars.values.iter().flatten().map(|(value, _)| *value).fold(f64::MIN_POSITIVE, f64::max);
    let room = f64::from(area.dim_in_pixel().0 as i32 - LABEL);
    for (row, value) in (0..).zip(&bars.values) {
        let (top, height) = place(area, bars.values.len(), row);
        let middle = top + height / 2;
        let Some((value, label)) = value else {
            area.draw_text("–", &text(16, MUTED).plain(), (2, middle - 9))?;
            continue;
        };
        let length = (room * value / longest).round() as i32;
        let corners = [(0, middle - height / 3), (length.max(2), middle + height / 3)];
        area.draw(&Rectangle::new(corners, bars.color.filled()))?;
        area.draw_text(label, &text(15, INK).plain(), (length.max(2) + 6, middle - 8))?;
    }
    area.draw(&PathElement::new([(0, TOP), (0, area.dim_in_pixel().1 as i32)], FAINT.stroke_width(1)))?;
    Ok(())
}

/// The top and the height of a row.
fn place(area: &Area<'_>, rows: usize, row: i32) -> (i32, i32) {
    let height = (area.dim_in_pixel().1 as i32 - TOP) / rows.max(1) as i32;
    (TOP + row * height, height)
}
