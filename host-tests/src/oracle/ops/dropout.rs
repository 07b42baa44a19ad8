//! `dropout`: its arithmetic with a recorded mask, and how many places its own masks keep.

use super::super::Trouble;
use super::super::compare::{ACTIVATION, Comparison};
use super::super::schema::{Case, Document};
use kilograd::layer::Dropout;

/// Whatever the width: the arithmetic is over slices.
type Layer = Dropout<1>;

/// How many draws the case's interval is for.
const DRAWS: usize = 10_000;

/// Runs a case of `dropout`.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let layer = Layer::new(case.setting("p")?)?;
    let length = case.count("n")?;
    let mask = case.input_of("mask", &[length])?;
    for (from, to) in [("x", "y"), ("dy", "dx")] {
        let mut masked = vec![0.0; length];
        layer.mask_slice(mask.iter().map(|kept| *kept != 0.0), &case.input_of(from, &[length])?, &mut masked);
        comparison.output(to, &masked, ACTIVATION)?;
    }
    let interval = case.params.get("keep_count_10000").and_then(|interval| {
        let bound = |index: usize| interval.get(index)?.as_f64();
        Some(bound(0)?..=bound(1)?)
    });
    let interval = interval.ok_or(Trouble::Malformed("params.keep_count_10000 is no interval".into()))?;
    for pass in 0..10 {
        let kept = layer.kept(pass).take(DRAWS).filter(|kept| *kept).count();
        comparison.require("a mask of the library", interval.contains(&(kept as f64)), || {
            format!("pass {pass} keeps {kept} of {DRAWS} places, outside of {interval:?}")
        });
    }
    Ok(())
}
