//! Averages of recorded parameters, after every step.

use super::super::Trouble;
use super::super::compare::{Comparison, OPTIMIZER};
use super::super::schema::{Case, Document};
use super::padding::{padded, with_size};
use kilograd::Error;
use kilograd::tensor::{Tensor, Vector, Zero};
use kilograd::train::averaging::{Average, Averaging, DebiasedExponential, Exponential, Polyak, StochasticWeights};

/// `averaging`: four averages of the same path.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (path, decay) = (case.input("p")?, case.setting("decay")?);
    let width = path.values.len() / path.shape.first().copied().unwrap_or_default().max(1);
    let steps: Vec<&[f32]> = path.values.chunks(width.max(1)).collect();
    let mut compare = |name, averages: Result<Vec<f32>, Error>| comparison.output(name, &averages?, OPTIMIZER);
    with_size!(width, N => {
        compare("polyak_mean", averages::<N>(&Polyak, &steps))?;
        compare("swa", averages::<N>(&StochasticWeights { start: 1, every: 1 }, &steps))?;
        compare("ema_init_first", averages::<N>(&Exponential { decay }, &steps))?;
        compare("ema_zero_debiased", averages::<N>(&DebiasedExponential { decay }, &steps))
    })
}

/// The average after every step.
fn averages<const N: usize>(rule: &impl Averaging, steps: &[&[f32]]) -> Result<Vec<f32>, Error> {
    let (mut average, mut trace) = (Average::<Vector<N>>::ZERO, Vec::new());
    for step in steps {
        average.observe(rule, &padded(step))?;
        let so_far = average.network().map(Vector::as_slice).unwrap_or_default();
        trace.extend_from_slice(&so_far[..step.len()]);
    }
    Ok(trace)
}
