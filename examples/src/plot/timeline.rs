//! Curves over a stream of samples, with what happened to it.

use super::curves::draw_legend;
use super::scale::Scale;
use super::{Area, Curve, FAINT, INK, MUTED, TEAL, text, titled};
use plotters::coord::ranged1d::Ranged;
use plotters::prelude::*;

/// The height of a row of names above the curves.
const ROW: i32 = 30;
/// Room for the half of the last number under the axis.
const MARGIN_RIGHT: i32 = 24;

/// Samples in a row, from one to another, that have a name.
pub struct Span {
    /// The first, counted from 1.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// What is written above them.
    pub name: String,
}

/// What is drawn.
pub struct Timeline<'t> {
    /// Values, one for so many samples.
    pub curves: &'t [Curve<'t>],
    /// How many samples a value stands for.
    pub every: u32,
    /// What the whole stream consists of, one after the other: a line between two.
    pub stretches: &'t [Span],
    /// What is shaded.
    pub marked: &'t [Span],
}

/// Draws the curves, the later ones over the earlier, with the names of the spans above.
///
/// # Errors
/// That of the drawing.
pub fn timeline(area: &Area<'_>, title: &str, scale: &Scale, timeline: &Timeline<'_>) -> anyhow::Result<()> {
    draw_legend(area, timeline.curves)?;
    let area = titled(area, title)?;
    let samples = timeline.stretches.last().map_or(0, |stretch| stretch.to);
    let mut chart = ChartBuilder::on(&area)
        .x_label_area_size(56)
        .y_label_area_size(76)
        .margin_right(MARGIN_RIGHT)
        .margin_top(3 * ROW + 8)
        .build_cartesian_2d(0..samples, scale.clone())?;
    let range = scale.range();
    let (low, high) = (range.start, range.end);
    let shade = TEAL.mix(0.13).filled();
    chart.draw_series(timeline.marked.iter().map(|span| Rectangle::new([(span.from, low), (span.to, high)], shade)))?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .axis_style(MUTED)
        .label_style(text(18, MUTED).plain())
        .x_labels(13)
        .x_desc("samples so far")
        .axis_desc_style(text(18, MUTED).plain())
        .draw()?;
    let edges = timeline.marked.iter().flat_map(|span| [span.from, span.to]);
    chart.draw_series(edges.map(|edge| PathElement::new([(edge, low), (edge, high)], TEAL.stroke_width(2))))?;
    let changes = timeline.stretches.iter().skip(1).map(|stretch| stretch.from);
    chart.draw_series(changes.map(|change| PathElement::new([(change, low), (change, high)], INK.stroke_width(2))))?;
    for curve in timeline.curves {
        let points = (1..).zip(&curve.values).map(|(number, value)| (number * timeline.every, f64::from(*value)));
        chart.draw_series(LineSeries::new(points, curve.color.stroke_width(3)))?;
    }
    let place = |sample: u32| chart.backend_coord(&(sample, high)).0 - area.get_base_pixel().0;
    draw_stretches(&area, timeline.stretches, place)?;
    draw_marked(&area, timeline.marked, place)
}

/// A name over the middle of each stretch, in the first row.
fn draw_stretches(area: &Area<'_>, stretches: &[Span], place: impl Fn(u32) -> i32) -> anyhow::Result<()> {
    for stretch in stretches {
        let middle = (place(stretch.from) + place(stretch.to)) / 2;
        area.draw_text(&stretch.name, &text(20, INK).centered(), (middle, ROW / 2))?;
    }
    Ok(())
}

/// A name over the beginning of each span that is shaded, in the second row or, where the one before is too long, the third.
fn draw_marked(area: &Area<'_>, marked: &[Span], place: impl Fn(u32) -> i32) -> anyhow::Result<()> {
    let (style, last) = (text(18, TEAL).plain(), area.dim_in_pixel().0 as i32 - MARGIN_RIGHT);
    let mut ends = [i32::MIN; 2];
    for span in marked {
        let (width, _) = area.estimate_text_size(&span.name, &style)?;
        let left = place(span.from).min(last - width as i32);
        let Some(row) = ends.iter().position(|end| *end < left) else { continue };
        ends[row] = left + width as i32 + ROW;
        area.draw_text(&span.name, &style, (left, ROW * (1 + row as i32) + 4))?;
    }
    Ok(())
}
