//! `train_setup`: what a training run starts from. Weights, split and orders must be the recorded ones to the bit.

use super::super::Trouble;
use super::super::compare::{Comparison, STATISTICS, Tolerance};
use super::super::schema::{Case, Document, member};
use super::padding::weights_by_unit;
use super::tasks::{Setup, Task, WithTask, shuffled, with_task};
use kilograd::init::{Distribution, Scheme};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;
use serde_json::Value;

/// Runs a case of `train_setup`.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let setup = Setup::of(case)?;
    with_task(&setup, Checks { setup: &setup, comparison })
}

struct Checks<'r, 's, 'c> {
    setup: &'r Setup<'s>,
    comparison: &'r mut Comparison<'c>,
}

impl WithTask for Checks<'_, '_, '_> {
    fn with<T: Task>(self) -> Result<(), Trouble> {
        let Self { setup, comparison } = self;
        weights(setup, T::WIDTHS.map(|width| width as usize), comparison)?;
        let test_rows = &shuffled(setup.split_seed, T::ROWS)[setup.training..];
        same("test_rows", test_rows, &setup.case.integers("test_rows")?, comparison);
        orders(setup, comparison)?;
        for (name, computed, recorded) in T::prepare(setup)?.1 {
            comparison.values(name, &doubles(&computed), &doubles(&recorded), STATISTICS);
        }
        Ok(())
    }
}

/// Both layers' weights, input-major, drawn from one generator unit by unit as the library initialises.
pub(super) fn draw_weights(setup: &Setup<'_>, [inputs, hidden, outputs]: [usize; 3]) -> Result<[Vec<f32>; 2], Trouble> {
    let mut rng = SplitMix64::from_seed(setup.seed.to_le_bytes());
    let mut draw = |layer: usize, fan_in: usize, fan_out: usize| {
        let bound = setup.case.setting(&format!("w{layer}_bound"))?;
        let mut weights = vec![0.0; fan_in * fan_out];
        Distribution::Uniform { bound }.fill(&mut weights, fan_in, fan_out, &mut rng);
        Ok::<_, Trouble>(weights)
    };
    Ok([draw(1, inputs, hidden)?, draw(2, hidden, outputs)?])
}

fn weights(setup: &Setup<'_>, widths: [usize; 3], comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let sides = [(widths[0], widths[1]), (widths[1], widths[2])];
    for (layer, (weights, (fan_in, fan_out))) in draw_weights(setup, widths)?.iter().zip(sides).enumerate() {
        let (w, b) = (format!("w{}", layer + 1), format!("b{}", layer + 1));
        let recorded = doubles(&setup.case.input_of(&w, &[fan_out, fan_in])?);
        comparison.values(&w, &doubles(&weights_by_unit(weights, fan_out, fan_in, fan_out)), &recorded, Tolerance::Exact);
        let biases = doubles(&setup.case.input_of(&b, &[fan_out])?);
        comparison.values(&b, &vec![0.0; fan_out], &biases, Tolerance::Exact);
    }
    Ok(())
}

/// Each epoch's order: its first rows, and a sum that depends on every place.
fn orders(setup: &Setup<'_>, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (first, sums) = ("first_10_rows_per_epoch_order", "order_sum_i_times_index_mod_2_32");
    let (starts, recorded_sums) = (list(setup, first)?, list(setup, sums)?);
    let epochs = setup.epochs;
    comparison.require(first, starts.len() == epochs, || format!("{} orders for {epochs} epochs", starts.len()));
    comparison.require(sums, recorded_sums.len() == epochs, || format!("{} sums for {epochs} epochs", recorded_sums.len()));
    for (epoch, (start, sum)) in starts.iter().zip(recorded_sums).enumerate() {
        let order = setup.order(epoch);
        let start =
            indices(start).ok_or_else(|| Trouble::Malformed(format!("in.{first} is not a list of rows for each epoch")))?;
        same(&format!("{first}[{epoch}]"), &order[..start.len().min(order.len())], &start, comparison);
        let ours = order.iter().enumerate().map(|(i, index)| (i * index) as u64).sum::<u64>() % (1 << 32);
        comparison.require(&format!("{sums}[{epoch}]"), sum.as_u64() == Some(ours), || format!("{ours} instead of {sum}"));
    }
    Ok(())
}

fn list<'c>(setup: &Setup<'c>, name: &str) -> Result<&'c Vec<Value>, Trouble> {
    let value = member(&setup.case.inputs, "in", name)?;
    value.as_array().ok_or_else(|| Trouble::Malformed(format!("in.{name} is not a list")))
}

fn indices(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(|index| index.as_u64().and_then(|index| usize::try_from(index).ok())).collect()
}

fn same(name: &str, got: &[usize], want: &[usize], comparison: &mut Comparison<'_>) {
    let differs = got.iter().zip(want).position(|(got, want)| got != want).unwrap_or(got.len().min(want.len()));
    comparison.require(name, got == want, || format!("differs from place {differs} on"));
}

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}
