//! Colours and letters.

use anyhow::anyhow;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// What is written and outlined.
pub const INK: RGBColor = RGBColor(38, 50, 56);
/// What explains.
pub const MUTED: RGBColor = RGBColor(96, 110, 120);
/// Grid lines and frames.
pub const FAINT: RGBColor = RGBColor(222, 228, 232);
/// The first colour: what is trained on, what is right.
pub const BLUE: RGBColor = RGBColor(25, 103, 178);
/// The second colour: what is held out, what is wrong.
pub const ORANGE: RGBColor = RGBColor(222, 92, 24);
/// The third colour.
pub const TEAL: RGBColor = RGBColor(0, 128, 115);

/// Makes DejaVu Sans known under the name that [`text`] uses.
///
/// # Errors
/// If the font's crate ships what cannot be read.
pub fn register_fonts() -> anyhow::Result<()> {
    let fonts = [(FontStyle::Normal, dejavu::sans::regular()), (FontStyle::Bold, dejavu::sans::bold())];
    for (style, bytes) in fonts {
        register_font("sans-serif", style, bytes).map_err(|_| anyhow!("the font of the crate dejavu cannot be read"))?;
    }
    Ok(())
}

/// Letters of a size in pixels.
#[derive(Clone, Copy)]
pub struct Letters {
    size: u32,
    color: RGBColor,
    style: FontStyle,
    anchor: Pos,
}

/// Letters of this size and colour, from the top left.
pub fn text(size: u32, color: RGBColor) -> Letters {
    Letters { size, color, style: FontStyle::Normal, anchor: Pos::new(HPos::Left, VPos::Top) }
}

impl Letters {
    /// The same in bold, ready to write.
    pub fn bold(self) -> TextStyle<'static> {
        Self { style: FontStyle::Bold, ..self }.into()
    }

    /// The same, ready to be written around a point.
    pub fn centered(self) -> TextStyle<'static> {
        Self { anchor: Pos::new(HPos::Center, VPos::Center), ..self }.into()
    }

    /// Ready to be written to the right of and below a point.
    pub fn plain(self) -> TextStyle<'static> {
        self.into()
    }
}

impl From<Letters> for TextStyle<'static> {
    fn from(letters: Letters) -> Self {
        let font = FontDesc::new(FontFamily::SansSerif, f64::from(letters.size), letters.style);
        TextStyle { font, color: letters.color.to_backend_color(), pos: letters.anchor }
    }
}
