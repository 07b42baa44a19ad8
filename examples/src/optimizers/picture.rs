//! The picture of a race: what each optimizer takes, and its way into Rosenbrock's valley.

use super::Options;
use super::race::{Standing, TARGET};
use super::valley::{self, Descent, MINIMUM, START};
use crate::plot::{self, Area, BLUE, Bars, INK, MUTED, ORANGE, TEAL, text, titled};
use kilograd_tasks::{digits, iris};
use plotters::prelude::*;
use std::path::Path;

const WIDTH: u32 = 2000;
/// The height of a row of bars.
const ROW: u32 = 34;
/// The least height of everything below the header.
const LEAST: u32 = 700;
/// Between the panels and around them.
const MARGIN: i32 = 40;
/// Columns of small contour plots.
const COLUMNS: usize = 6;
/// What a contour plot shows of the plane: from the lower left to the upper right corner.
const CORNERS: [[f64; 2]; 2] = [[-1.8, -0.8], [1.8, 2.6]];
/// Pixels of a cell of the shading.
const CELL: i32 = 3;

/// Draws the standings as a PNG.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(path: &Path, options: &Options, standings: &[Standing], descents: &[Descent]) -> anyhow::Result<()> {
    let height = (ROW * standings.len() as u32).max(LEAST) + 230;
    let paths: Vec<&Descent> = standings.iter().map(|standing| &standing.valley).chain(descents).collect();
    plot::page(path, (WIDTH, height), |page| {
        let (header, rest) = page.margin(28, 16, MARGIN, MARGIN).split_vertically(90);
        let (panels, footer) = rest.split_vertically(rest.dim_in_pixel().1 as i32 - 44);
        let (left, right) = panels.split_horizontally(900);
        draw_header(&header, options)?;
        draw_bars(&left, standings)?;
        draw_paths(&titled(&right.margin(0, 0, MARGIN, 0), "The way into Rosenbrock's valley")?, &paths)?;
        let data = format!("Data: {}; {}", digits::CITATION, iris::CITATION);
        footer.draw_text(&data, &text(13, MUTED).plain(), (0, 24))?;
        Ok(())
    })
}

fn draw_header(area: &Area<'_>, options: &Options) -> anyhow::Result<()> {
    let how = format!(
        "64-32-10 network on digits, batches of 16, {} epochs, {} seeds; cycles of a Cortex-M4F by model; RAM of mini-batch training",
        options.epochs, options.seeds
    );
    area.draw_text("Optimizers on handwritten digits", &text(32, INK).bold(), (0, 0))?;
    area.draw_text(&how, &text(17, MUTED).plain(), (0, 46))?;
    Ok(())
}

fn draw_bars(area: &Area<'_>, standings: &[Standing]) -> anyhow::Result<()> {
    let names: Vec<&str> = standings.iter().map(|standing| standing.name).collect();
    let (left, rest) = area.split_horizontally(176);
    plot::names(&left, &names)?;
    let steps = format!("steps to {:.0} %", 100.0 * TARGET);
    let column = |title, color, value: &dyn Fn(&Standing) -> Option<(f64, String)>| Bars {
        title,
        color,
        values: standings.iter().map(value).collect(),
    };
    let columns = [
        column(&steps, BLUE, &|standing| standing.digits.arrival.map(|steps| (f64::from(steps), steps.to_string()))),
        column("million cycles to it", ORANGE, &|standing| {
            let cycles = f64::from(standing.digits.arrival?) * standing.cycles / 1e6;
            Some((cycles, format!("{cycles:.0}")))
        }),
        column("RAM, KB", TEAL, &|standing| {
            let kilobytes = standing.ram_bytes as f64 / 1024.0;
            Some((kilobytes, format!("{kilobytes:.1}")))
        }),
    ];
    let width = rest.dim_in_pixel().0 as i32 / columns.len() as i32;
    let mut rest = rest;
    for bars in columns {
        let (area, after) = rest.split_horizontally(width);
        plot::bars(&area, &bars)?;
        rest = after;
    }
    Ok(())
}

/// Contour plots in rows, one for each optimizer.
fn draw_paths(area: &Area<'_>, descents: &[&Descent]) -> anyhow::Result<()> {
    let rows = descents.len().div_ceil(COLUMNS).max(1);
    for (cell, descent) in area.split_evenly((rows, COLUMNS)).iter().zip(descents) {
        let cell = cell.margin(2, 12, 2, 12);
        let arrival = descent.arrival.map_or("–".into(), |steps| steps.to_string());
        cell.draw_text(&format!("{}: {arrival}", descent.name), &text(12, INK).plain(), (0, 0))?;
        let plot = cell.split_vertically(20).1;
        shade(&plot)?;
        draw_path(&plot, descent)?;
    }
    Ok(())
}

/// Bands of equal ratios of the value, the darker the lower.
fn shade(area: &Area<'_>) -> anyhow::Result<()> {
    let (width, height) = area.dim_in_pixel();
    for (x, y) in (0..width as i32 / CELL).flat_map(|x| (0..height as i32 / CELL).map(move |y| (x * CELL, y * CELL))) {
        let share = [f64::from(x) / f64::from(width), 1.0 - f64::from(y) / f64::from(height)];
        let point = [0, 1].map(|i| CORNERS[0][i] + share[i] * (CORNERS[1][i] - CORNERS[0][i]));
        let band = (f64::from(valley::value(point.map(|x| x as f32))) + 1e-3).log10().floor().clamp(-2.0, 3.0);
        let strength = 0.06 * (3.0 - band);
        area.draw(&Rectangle::new([(x, y), (x + CELL, y + CELL)], BLUE.mix(strength).filled()))?;
    }
    Ok(())
}

fn draw_path(area: &Area<'_>, descent: &Descent) -> anyhow::Result<()> {
    let (width, height) = area.dim_in_pixel();
    // What has left the picture stays at its border.
    let pixel = |[x, y]: [f32; 2]| {
        let share = |value: f32, axis: usize| {
            let [low, high] = [CORNERS[0][axis], CORNERS[1][axis]];
            ((f64::from(value) - low) / (high - low)).clamp(0.0, 1.0)
        };
        ((share(x, 0) * f64::from(width)) as i32, ((1.0 - share(y, 1)) * f64::from(height)) as i32)
    };
    let points = descent.path.iter().filter(|point| point.iter().all(|x| x.is_finite()));
    let mut pixels: Vec<_> = points.map(|point| pixel(*point)).collect();
    pixels.dedup();
    // Piece by piece: the mitre of two that turn sharply would reach far out of the plot.
    for piece in pixels.windows(2) {
        area.draw(&PathElement::new(piece, ORANGE.stroke_width(2)))?;
    }
    area.draw(&Circle::new(pixel(START), 3, INK.filled()))?;
    area.draw(&Cross::new(pixel(MINIMUM), 4, INK.stroke_width(2)))?;
    Ok(())
}
