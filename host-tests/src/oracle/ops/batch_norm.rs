//! `batch_norm_1d`: several training steps with running statistics, then evaluation.

use super::super::Trouble;
use super::super::compare::{Comparison, NORM, NORM_ILL_CONDITIONED};
use super::super::schema::{Case, Document};
use super::padding::padded;
use kilograd::layer::{BatchNorm, Layer};
use kilograd::optim::{Sgd, Step};
use kilograd::tensor::{Matrix, Parameters, Zero};

/// Units that are normalised at a time. Each is for itself, so what is added to the last few changes nothing.
const UNITS: usize = 4;

/// A case's sizes, settings and inputs.
struct Norm {
    batch: usize,
    features: usize,
    train_steps: usize,
    steps: usize,
    momentum: f32,
    epsilon: f32,
    x: Vec<f32>,
    gamma: Vec<f32>,
    beta: Vec<f32>,
    dy: Vec<f32>,
}

/// What is compared, each by step.
#[derive(Default)]
struct Recorded {
    y: Vec<f32>,
    dx: Vec<f32>,
    dgamma: Vec<f32>,
    dbeta: Vec<f32>,
    mean: Vec<f32>,
    variance: Vec<f32>,
}

/// Evaluates `$run` with the constant `$BATCH` set to `$batch`, which cannot be padded: it would be another mean.
macro_rules! with_batch {
    ($batch:expr, $BATCH:ident => $run:expr; $($size:literal)+) => {
        match $batch {
            $($size => {
                const $BATCH: usize = $size;
                $run
            })+
            other => Err(Trouble::Failed(format!("a batch of {other} is none that the runner is compiled for: add it here"))),
        }
    };
}

/// Runs a case of `batch_norm_1d`.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (batch, features) = (case.count("batch")?, case.count("features")?);
    let train_steps = case.count("train_steps")?;
    let steps = train_steps + case.count("eval_steps")?;
    let norm = Norm {
        batch,
        features,
        train_steps,
        steps,
        momentum: case.setting("momentum")?,
        epsilon: case.setting("eps")?,
        x: case.input_of("x", &[steps, batch, features])?,
        gamma: case.input_of("gamma", &[features])?,
        beta: case.input_of("beta", &[features])?,
        dy: case.input_of("dy", &[steps, batch, features])?,
    };
    let recorded = with_batch!(batch, B => norm.record::<B>(); 2 3 4 5 6 7 8 10 12 16 20 24 32 48 64)?;
    let tolerance = match case.text("mode")? {
        "offset" | "constant" => NORM_ILL_CONDITIONED,
        _ => NORM,
    };
    comparison.output("y", &recorded.y, tolerance)?;
    comparison.output("dx", &recorded.dx, tolerance)?;
    comparison.output("dgamma", &recorded.dgamma, tolerance)?;
    comparison.output("dbeta", &recorded.dbeta, tolerance)?;
    comparison.output("running_mean", &recorded.mean, tolerance)?;
    comparison.output("running_var", &recorded.variance, tolerance)
}

impl Norm {
    fn record<const B: usize>(&self) -> Result<Recorded, Trouble> {
        let (of_batches, of_steps) = (vec![0.0; self.steps * B * self.features], vec![0.0; self.steps * self.features]);
        let mut all = Recorded { y: of_batches.clone(), dx: of_batches, ..Recorded::default() };
        for tensor in [&mut all.dgamma, &mut all.dbeta, &mut all.mean, &mut all.variance] {
            tensor.clone_from(&of_steps);
        }
        for first in (0..self.features).step_by(UNITS) {
            self.record_units::<B>(first, &mut all)?;
        }
        Ok(all)
    }

    /// Runs the units from `first` on through every step.
    fn record_units<const B: usize>(&self, first: usize, all: &mut Recorded) -> Result<(), Trouble> {
        let units = UNITS.min(self.features - first);
        let mut norm = BatchNorm::<B, UNITS>::new(self.momentum, self.epsilon)?;
        norm.scale = padded(&self.gamma[first..first + units]);
        norm.shift = padded(&self.beta[first..first + units]);
        for step in 0..self.steps {
            let at = |row: usize| (step * self.batch + row) * self.features + first;
            let columns =
                |from: &[f32]| Matrix::<B, UNITS>::from_fn(|row, unit| if unit < units { from[at(row) + unit] } else { 0.0 });
            let (x, mut dy) = (columns(&self.x), columns(&self.dy));
            let (mut y, mut dx, mut tape, mut gradient) = (Matrix::ZERO, Matrix::ZERO, Zero::ZERO, Zero::ZERO);
            let trains = step < self.train_steps;
            match trains {
                true => norm.forward_training(&x, &mut y, &mut tape),
                false => norm.forward(&x, &mut y, &mut tape),
            }
            norm.backward(&x, &y, &mut tape, &mut dy, Some(&mut dx))?;
            norm.accumulate(&x, &tape, &dy, &mut gradient);
            let (mut dgamma, mut dbeta) = (Vec::new(), Vec::new());
            gradient.visit(&mut |group| {
                let into = if dgamma.is_empty() { &mut dgamma } else { &mut dbeta };
                into.extend_from_slice(group);
            });
            if trains {
                // At a rate of zero only the running statistics move.
                norm.apply(&mut gradient, &mut ((), ()), &Step::new::<()>(&Sgd, 1, 0.0, None));
            }
            for row in 0..B {
                for unit in 0..units {
                    all.y[at(row) + unit] = y.get(row, unit).unwrap_or(f32::NAN);
                    all.dx[at(row) + unit] = dx.get(row, unit).unwrap_or(f32::NAN);
                }
            }
            for unit in 0..units {
                let index = step * self.features + first + unit;
                all.dgamma[index] = dgamma[unit];
                all.dbeta[index] = dbeta[unit];
                all.mean[index] = norm.mean.as_array()[unit];
                all.variance[index] = norm.variance.as_array()[unit];
            }
        }
        Ok(())
    }
}
