//! Curves over epochs.

use super::scale::Scale;
use super::{Area, FAINT, MUTED, text, titled};
use plotters::prelude::*;

/// From how many epochs on the points are so close that only the line between them is drawn.
const CROWDED: u32 = 60;

/// Room for the half of the last point and of its epoch.
const MARGIN_RIGHT: i32 = 16;

/// A value for each epoch, or whatever else there is one for, from the first on.
pub struct Curve<'c> {
    /// What the legend says.
    pub name: &'c str,
    /// Its colour.
    pub color: RGBColor,
    /// Its values.
    pub values: Vec<f32>,
}

/// Draws curves over epochs; if there are several, with their names beside the title.
///
/// # Errors
/// That of the drawing.
pub fn curves(area: &Area<'_>, title: &str, scale: &Scale, curves: &[Curve<'_>]) -> anyhow::Result<()> {
    if curves.len() > 1 {
        draw_legend(area, curves)?;
    }
    let area = titled(area, title)?;
    let epochs = curves.iter().map(|curve| curve.values.len()).max().unwrap_or_default() as u32;
    let mut chart = ChartBuilder::on(&area)
        .x_label_area_size(48)
        .y_label_area_size(76)
        .margin_right(MARGIN_RIGHT)
        .margin_bottom(24)
        .margin_top(8)
        .build_cartesian_2d(0..epochs, scale.clone())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(MUTED)
        .label_style(text(16, MUTED).plain())
        .x_labels(10)
        .x_desc("epoch")
        .axis_desc_style(text(16, MUTED).plain())
        .draw()?;
    for curve in curves {
        let points = || (1..).zip(curve.values.iter().map(|value| f64::from(*value)));
        let color = curve.color;
        chart.draw_series(LineSeries::new(points(), color.stroke_width(3)))?;
        let points = points().filter(|_| epochs < CROWDED);
        chart.draw_series(points.map(|point| Circle::new(point, 4, color.filled())))?;
    }
    Ok(())
}

/// The names of the curves with a piece of each, in a row that ends at the upper right corner of `area`.
pub(super) fn draw_legend(area: &Area<'_>, curves: &[Curve<'_>]) -> anyhow::Result<()> {
    let style = text(16, MUTED).plain();
    let mut right = area.dim_in_pixel().0 as i32 - MARGIN_RIGHT;
    for curve in curves.iter().rev() {
        let (width, _) = area.estimate_text_size(curve.name, &style)?;
        let left = right - width as i32;
        area.draw_text(curve.name, &style, (left, 7))?;
        area.draw(&PathElement::new([(left - 40, 10), (left - 10, 10)], curve.color.stroke_width(3)))?;
        right = left - 68;
    }
    Ok(())
}
