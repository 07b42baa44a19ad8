//! Makes a page and plots of what `cargo bench --bench peers` measured last: a table between two marks of benches/README.md, and
//! a plot for each family of kernels in benches/plots.
//!
//! `cargo run --release -p kilograd-benches --bin report`

use anyhow::{Context, Result, bail, ensure};
use kilograd_benches::{CHAINS, RESIDENT, ROUNDS, WIDTH};
use plotters::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- by `cargo run --release -p kilograd-benches --bin report` -->";
const END: &str = "<!-- end -->";

/// Families and their titles; a group's name begins with a family's.
const FAMILIES: [(&str, &str); 7] = [
    ("dot", "dot product"),
    ("axpy", "sum of vectors, one scaled"),
    ("forward", "matrix by vector (forward, one sample)"),
    ("to inputs", "transposed matrix by vector (gradient to inputs, one sample)"),
    ("product", "matrix by matrix (forward, 32 samples)"),
    ("adam", "Adam's update"),
    ("step", "whole training step"),
];

/// What criterion leaves of a benchmark.
#[derive(Deserialize)]
struct Sample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// Nanoseconds of each contestant.
type Times = BTreeMap<String, f64>;

/// Of what a processor can do, per nanosecond.
struct Peak {
    /// Multiplications and additions that are rounded apart.
    apart: f64,
    /// The same, fused.
    fused: f64,
    /// Numbers loaded from the first-level cache.
    loads: f64,
    /// Quotients by a square root.
    quotients: f64,
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the repository")?;
    let groups = read(&root.join("target/criterion"))?;
    let peak = Peak::of(&groups)?;
    let page = root.join("benches/README.md");
    let text = fs::read_to_string(&page)?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("no line {BEGIN} in {}", page.display()))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("no line {END} in {}", page.display()))?;
    fs::write(&page, format!("{before}{BEGIN}\n{}{END}{after}", table(&groups, &peak)?))?;
    for (family, title) in FAMILIES {
        let path = root.join(format!("benches/plots/{}.svg", family.replace(' ', "-")));
        plot(&path, title, &of_family(&groups, family), &peak)?;
        println!("{}", path.display());
    }
    println!("{}", page.display());
    Ok(())
}

/// The fastest sample of every benchmark with a peer, and of the peaks: whatever is slower was interrupted.
fn read(folder: &Path) -> Result<BTreeMap<String, Times>> {
    let mut groups = BTreeMap::new();
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{}: run `cargo bench -p kilograd-benches --bench peers` first", folder.display()))?;
    for group in entries {
        let group = group?.path();
        let name = group.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !group.join("kilograd").is_dir() && name != "peak" {
            continue;
        }
        let mut times = Times::new();
        for contestant in fs::read_dir(&group)? {
            let path = contestant?.path();
            let Ok(sample) = fs::read_to_string(path.join("new/sample.json")) else { continue };
            let Sample { iters, times: taken } = serde_json::from_str(&sample)?;
            let fastest = taken.iter().zip(&iters).map(|(time, count)| time / count).fold(f64::INFINITY, f64::min);
            times.insert(path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned(), fastest);
        }
        groups.insert(name, times);
    }
    Ok(groups)
}

fn of_family<'g>(groups: &'g BTreeMap<String, Times>, family: &str) -> Vec<(&'g str, &'g Times)> {
    let mut of: Vec<_> =
        groups.iter().filter(|(name, _)| name.starts_with(family)).map(|(name, times)| (name.as_str(), times)).collect();
    of.sort_by_key(|(name, _)| numbers(name));
    of
}

fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

impl Peak {
    fn of(groups: &BTreeMap<String, Times>) -> Result<Self> {
        let times = groups.get("peak").context("no peak was measured: run the benchmark `peers` as a whole")?;
        let rate =
            |name: &str, work: f64| Ok::<_, anyhow::Error>(work / times.get(name).with_context(|| format!("no peak {name}"))?);
        let numbers = (WIDTH * CHAINS * ROUNDS) as f64;
        Ok(Self {
            apart: rate("apart", 2.0 * numbers)?,
            fused: rate("fused", 2.0 * numbers)?,
            loads: rate("loads", RESIDENT as f64)?,
            quotients: rate("quotients", numbers)?,
        })
    }

    /// The least time that the work of a group can take, in nanoseconds: arithmetic that is rounded apart, and loads of what is
    /// used once. (Overheads, stores and what else a step does are left out.)
    fn floor(&self, name: &str) -> Result<f64> {
        let n: Vec<f64> = numbers(name).into_iter().map(|n| n as f64).collect();
        Ok(match (name.split(' ').next().unwrap_or_default(), n.as_slice()) {
            ("dot" | "axpy", [n]) => (2.0 * n / self.apart).max(2.0 * n / self.loads),
            ("forward" | "to", [i, o]) => (2.0 * i * o / self.apart).max(i * o / self.loads),
            ("product", [s, i, o]) => 2.0 * s * i * o / self.apart,
            ("adam", [n]) => n / self.quotients,
            ("step", [i, h, o, batch]) => {
                let (first, last) = (i * h, h * o);
                let rule = if name.ends_with("adam") { (first + h + last + o) / self.quotients } else { 0.0 };
                2.0 * batch * (2.0 * first + 3.0 * last) / self.apart + rule
            }
            _ => bail!("no floor for {name}"),
        })
    }
}

fn show(time: f64) -> String {
    if time < 10_000.0 { format!("{time:.0} ns") } else { format!("{:.1} µs", time / 1000.0) }
}

fn table(groups: &BTreeMap<String, Times>, peak: &Peak) -> Result<String> {
    let mut out = String::new();
    writeln!(
        out,
        "\nOn the machine that made this page, one core: {:.0} Gop/s of multiplications and additions rounded apart, {:.0} fused; {:.0} \
         billion numbers loaded a second, {:.1} billion quotients by a root.\n",
        peak.apart, peak.fused, peak.loads, peak.quotients
    )?;
    writeln!(
        out,
        "| | kilograd | of the floor | best peer | | times as fast as it | the others |\n|---|--:|--:|---|--:|--:|---|"
    )?;
    for (family, _) in FAMILIES {
        for (name, times) in of_family(groups, family) {
            let own = times["kilograd"];
            let mut peers: Vec<_> = times.iter().filter(|(name, _)| *name != "kilograd").collect();
            peers.sort_by(|a, b| a.1.total_cmp(b.1));
            ensure!(!peers.is_empty(), "{name} has no peer");
            let (best, time) = peers[0];
            let others: Vec<String> = peers[1..].iter().map(|(name, time)| format!("{name} {:.2}", **time / own)).collect();
            let share = 100.0 * peak.floor(name)? / own;
            writeln!(
                out,
                "| {name} | {} | {share:.0} % | {best} | {} | {:.2} | {} |",
                show(own),
                show(*time),
                time / own,
                others.join(", ")
            )?;
        }
    }
    writeln!(out)?;
    for (family, title) in FAMILIES {
        writeln!(out, "![{title}](plots/{}.svg)", family.replace(' ', "-"))?;
    }
    writeln!(out)?;
    Ok(out)
}

/// A bar for each contestant of each group: its share of the floor.
fn plot(path: &PathBuf, title: &str, groups: &[(&str, &Times)], peak: &Peak) -> Result<()> {
    let mut bars: Vec<(String, f64, bool)> = Vec::new();
    for (name, times) in groups {
        let mut of: Vec<_> = times.iter().collect();
        of.sort_by(|a, b| a.1.total_cmp(b.1));
        for (contestant, time) in of {
            bars.push((format!("{name}: {contestant}"), 100.0 * peak.floor(name)? / time, contestant == "kilograd"));
        }
        bars.push((String::new(), 0.0, false));
    }
    bars.pop();
    let most = bars.iter().fold(100.0_f64, |most, bar| most.max(bar.1)) * 1.12;
    let area = SVGBackend::new(path, (920, 90 + 17 * bars.len() as u32)).into_drawing_area();
    area.fill(&WHITE)?;
    let count = bars.len() as f64;
    let mut chart = ChartBuilder::on(&area)
        .caption(format!("{title}: share of the floor, one core"), ("sans-serif", 16))
        .margin(8)
        .x_label_area_size(34)
        .y_label_area_size(340)
        .build_cartesian_2d(0.0..most, 0.0..count)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_desc("% (100: multiplications and additions at this processor's rate, rounded apart, or its loads)")
        .draw()?;
    for (place, (label, share, own)) in bars.iter().enumerate() {
        let top = count - place as f64;
        let colour = if *own { RGBColor(200, 60, 30) } else { RGBColor(150, 160, 175) };
        chart.draw_series([Rectangle::new([(0.0, top - 0.88), (*share, top - 0.12)], colour.filled())])?;
        if !label.is_empty() {
            let style = ("sans-serif", 12).into_font();
            let (x, y) = chart.backend_coord(&(0.0, top - 0.5));
            let (end, _) = chart.backend_coord(&(*share, top - 0.5));
            let right = style.clone().into_text_style(&area).pos(plotters::style::text_anchor::Pos::new(
                plotters::style::text_anchor::HPos::Right,
                plotters::style::text_anchor::VPos::Center,
            ));
            area.draw_text(label, &right, (x - 6, y))?;
            area.draw_text(&format!("{share:.0} %"), &style.into_text_style(&area), (end + 4, y - 6))?;
        }
    }
    chart.draw_series([PathElement::new([(100.0, 0.0), (100.0, count)], BLACK.stroke_width(1))])?;
    area.present()?;
    Ok(())
}
