//! Panels of a picture. Each draws itself into the area it is given and knows nothing of the others.

mod bars;
mod curves;
mod heat_map;
mod page;
mod scale;
mod style;
mod thumbnails;
mod timeline;

pub use bars::{Bars, bars, names};
pub use curves::{Curve, curves};
pub use heat_map::heat_map;
pub use page::{check_path, page};
pub use scale::Scale;
pub use style::{BLUE, FAINT, INK, MUTED, ORANGE, TEAL, register_fonts, text};
pub use thumbnails::{Thumbnail, room, thumbnails};
pub use timeline::{Span, Timeline, timeline};

use plotters::coord::Shift;
use plotters::prelude::*;

/// A part of a picture, in pixels.
pub type Area<'p> = DrawingArea<BitMapBackend<'p>, Shift>;

/// The height of a panel's title with the gap under it.
const TITLE_HEIGHT: i32 = 40;

/// Writes the title of a panel at its top left and returns what is left of the panel.
///
/// # Errors
/// That of the drawing.
pub fn titled<'p>(area: &Area<'p>, title: &str) -> anyhow::Result<Area<'p>> {
    let (top, rest) = area.split_vertically(TITLE_HEIGHT);
    top.draw_text(title, &text(22, INK).bold(), (0, 4))?;
    Ok(rest)
}
