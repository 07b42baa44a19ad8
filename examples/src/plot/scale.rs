//! How values become heights.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// Grid lines and heights for some values, all of which lie between the lowest and the highest grid line.
#[derive(Clone)]
pub struct Scale {
    /// The values of the grid lines, at least two, from the lowest.
    ticks: Vec<f64>,
    height: fn(f64) -> f64,
    label: fn(f64) -> String,
}

impl Scale {
    /// Equal ratios are equal heights; for losses. Grid lines at 1, 2, 5, 10, 20, … or, if that is too many, 1, 10, 100, …
    pub fn logarithmic(values: impl Iterator<Item = f32>) -> Self {
        let (low, high) = extremes(values.map(|value| value.max(f32::MIN_POSITIVE)));
        let steps: Vec<f64> = (-39..=39).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(power))).collect();
        let first = steps.iter().rposition(|step| *step <= low).unwrap_or_default();
        let last = steps.iter().position(|step| *step >= high).unwrap_or_default().max(first + 1);
        let every = if last - first > 10 { 3 } else { 1 };
        let (first, last) = (first / every * every, last.next_multiple_of(every));
        let ticks = steps.into_iter().take(last + 1).skip(first).step_by(every).collect();
        Self { ticks, height: f64::ln, label: decimal }
    }

    /// Per cent up to 100; for shares from 0 to 1.
    pub fn percent(shares: impl Iterator<Item = f32>) -> Self {
        let (low, _) = extremes(shares);
        let step = [1, 2, 5, 10].into_iter().find(|step| 100.0 * (1.0 - low) <= (6 * step) as f64).unwrap_or(20);
        let downwards = || (0..=100).rev().step_by(step).map(|percent| f64::from(percent) / 100.0);
        let lowest = downwards().position(|tick| tick <= low).unwrap_or_default().max(1);
        let mut ticks: Vec<f64> = downwards().take(lowest + 1).collect();
        ticks.reverse();
        Self { ticks, height: |share| share, label: |share| format!("{:.0} %", 100.0 * share) }
    }
}

fn extremes(values: impl Iterator<Item = f32>) -> (f64, f64) {
    values.map(f64::from).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// A number of one digit that is not zero, without trailing zeros.
fn decimal(value: f64) -> String {
    let places = (-(value * 1.001).log10().floor()).max(0.0) as usize;
    format!("{value:.places$}")
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let Range { start, end } = self.range();
        let [value, start, end] = [value.clamp(start, end), start, end].map(self.height);
        from + (f64::from(to - from) * (value - start) / (end - start)).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, _: H) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.ticks.first().copied().unwrap_or(0.0)..self.ticks.last().copied().unwrap_or(1.0)
    }
}

impl ValueFormatter<f64> for Scale {
    fn format_ext(&self, value: &f64) -> String {
        (self.label)(*value)
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks.iter().map(|tick| (scale.label)(*tick)).collect()
    }

    #[test]
    fn grid_lines_enclose_the_values() {
        assert_eq!(labels(&Scale::logarithmic([0.03, 0.7].into_iter())), ["0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(labels(&Scale::logarithmic([0.2, 0.2].into_iter())), ["0.2", "0.5"]);
        assert_eq!(labels(&Scale::logarithmic([0.0003, 20.0].into_iter())), ["0.0001", "0.001", "0.01", "0.1", "1", "10", "100"]);
        assert_eq!(labels(&Scale::percent([0.97, 0.931].into_iter())), ["92 %", "94 %", "96 %", "98 %", "100 %"]);
        assert_eq!(labels(&Scale::percent([1.0].into_iter())), ["99 %", "100 %"]);
        assert_eq!(labels(&Scale::percent([0.1].into_iter())).first().map(String::as_str), Some("0 %"));
    }
}
