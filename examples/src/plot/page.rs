//! A picture as a file.

use super::Area;
use anyhow::{bail, ensure};
use plotters::prelude::*;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Draws on white paper of this size, in pixels, and writes it as a PNG.
///
/// # Errors
/// That of `draw`, or if the file cannot be written.
pub fn page(path: &Path, size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    super::register_fonts()?;
    let (width, height) = size;
    let mut pixels = vec![u8::MAX; 3 * width as usize * height as usize];
    let area = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
    draw(&area)?;
    area.present()?;
    drop(area);
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    Ok(writer.finish()?)
}

/// Finds, before a long training, what would keep [`page`] from writing to `path`.
///
/// # Errors
/// Says why the picture cannot be drawn there.
pub fn check_path(path: &Path) -> anyhow::Result<()> {
    ensure!(path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png")), "{} does not end in .png", path.display());
    ensure!(!path.is_dir(), "cannot draw {}: it is a directory", path.display());
    match path.parent() {
        Some(folder) if folder != Path::new("") && !folder.is_dir() => {
            bail!("cannot draw {}: there is no directory {}", path.display(), folder.display())
        }
        _ => Ok(()),
    }
}
