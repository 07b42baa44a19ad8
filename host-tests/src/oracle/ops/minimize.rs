//! `minimize`: second-order methods on recorded problems, in single precision.
//!
//! The test is where a method ends and at what value, against the polished minimum and against SciPy's and PyTorch's runs in
//! double precision; and that it takes at most twice SciPy's evaluations of the function. Where single precision ends before the
//! gradient is as small as asked for, what is left must be what rounding explains or what the generator's own single-precision
//! run was left with (`own_f32`). The paths of all runs are a guide by the oracle's words, and are not compared.

use super::super::Trouble;
use super::super::compare::{Comparison, Group, LAYER, Tolerance, near_zero, of_largest};
use super::super::schema::{Case, Document, member, numeric};
use super::super::tensor::{Tensor, number};
use crate::objectives::{LogisticRegression, Padded, Problem, Quadratic, Rosenbrock};
use kilograd::solver::{
    Bfgs, ConjugateGradient, DampedNewton, Lbfgs, LinearConjugateGradient, Newton, Objective, Report, SaddleFreeNewton,
    ScaledConjugateGradient, Solver, Stop, Stopping, Workspace,
};
use kilograd::tensor::{Tensor as _, Vector, Zero};
use serde_json::{Map, Value};

/// What the solvers are made for here; a problem of fewer numbers is padded.
const CAPACITY: usize = 32;

/// What rounding leaves of the value of a sum whose terms cancel: those of the quadratic are fifty times the sum.
const VALUE: Tolerance = near_zero(1e-5, 1e-7);
/// SciPy's own points are off by up to 1e-3: its gradient of 1e-5 divided by the least curvature, 0.01.
const POINT: Tolerance = of_largest(2e-3, Group::Tensor);
/// The gradient that was asked for.
const GRADIENT: f32 = 1e-5;

/// How one of our methods went.
struct Run {
    name: &'static str,
    report: Report,
    /// What gradient the generator's own run of the method, or of its next of kin, ended at in single precision.
    own: f64,
    point: Vec<f64>,
}

/// Runs every method that the problem is for.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let objective = case.text("objective")?;
    let n = case.count("n")?;
    let problem: Box<dyn Problem> = if objective.starts_with("sum_i 100") {
        Box::new(Rosenbrock(n))
    } else if objective.starts_with("x'Ax/2") {
        Box::new(Quadratic { matrix: case.input_of("A", &[n, n])?, linear: case.input_of("b", &[n])? })
    } else if objective.starts_with("mean cross-entropy") {
        let (labels, features) = (case.integers("y")?, case.input("X")?);
        let classes = features.shape.get(1).map_or(0, |width| n / width.max(&1));
        Box::new(LogisticRegression { features: features.values, labels, classes, decay: case.setting("l2")? })
    } else {
        return Err(Trouble::NotImplemented(format!("minimize: {objective}")));
    };
    if n > CAPACITY || problem.len() != n || n == 0 {
        return Err(Trouble::Failed(format!("{n} numbers: the runner holds 1 to {CAPACITY}, as many as the objective has")));
    }
    let start = case.input_of("x0", &[n])?;
    Trial { case, problem: &*problem, start }.compare(comparison)
}

struct Trial<'c> {
    case: &'c Case,
    problem: &'c dyn Problem,
    start: Vec<f32>,
}

impl Trial<'_> {
    fn compare(&self, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
        self.derivatives(comparison)?;
        let minimum = object(&self.case.rest, "minimum")?;
        let results = object(&self.case.rest, "results")?;
        let (scipy, torch) = (object(results, "scipy")?, object(results, "torch")?);
        let until = |iterations| Stopping { gradient: GRADIENT, iterations };
        let fletcher =
            self.solve(("conjugate gradient (Fletcher-Reeves)", "cg_fr"), ConjugateGradient::FLETCHER_REEVES, until(500))?;
        let polak = self.solve(("conjugate gradient (Polak-Ribière)", "cg_prp"), ConjugateGradient::POLAK_RIBIERE, until(500))?;
        let scaled = self.solve(("scaled conjugate gradient", "cg_prp"), ScaledConjugateGradient, until(1000))?;
        let bfgs = self.solve(("BFGS", "bfgs"), Bfgs::DEFAULT, until(500))?;
        let limited = self.solve(("L-BFGS", "lbfgs"), Lbfgs::<5>::DEFAULT, until(500))?;
        let memoryless = self.solve(("L-BFGS, memoryless", "lbfgs"), Lbfgs::<1>::DEFAULT, until(500))?;
        let newton = self.solve(("Newton", "newton"), Newton, until(100))?;
        let damped = self.solve(("damped Newton", "newton"), DampedNewton::DEFAULT, until(100))?;
        let saddle_free = self.solve(("saddle-free Newton", "newton"), SaddleFreeNewton::DEFAULT, until(200))?;
        let global = [&fletcher, &polak, &scaled, &bfgs, &limited, &memoryless, &newton];
        for run in global {
            self.reached(run, comparison, "minimum", minimum)?;
        }
        for (key, recorded) in scipy.iter().chain(torch) {
            let recorded = recorded.as_object().ok_or(Trouble::Malformed(format!("{key} is not a run")))?;
            let method = key.split("_gtol").next().unwrap_or(key);
            let (ours, counts): (&[&Run], bool) = match method {
                "CG" => (&[&fletcher, &polak], true),
                "BFGS" => (&[&bfgs], true),
                "L-BFGS-B" => (&[&limited], true),
                "LBFGS_f64" => (&[&limited], false),
                // These go where the curvature of the first steps leads, a local minimum of Rosenbrock's function included.
                "trust-exact" => (&[&damped, &saddle_free], true),
                "trust-ncg" | "Newton-CG" => (&[&newton], false),
                // Single precision is what we do ourselves; where it ends early is no target.
                "LBFGS_f32" => (&[], false),
                _ => return Err(Trouble::Malformed(format!("{key} is a method that nothing is compared with"))),
            };
            for run in ours {
                self.reached(run, comparison, key, recorded)?;
                // The tighter runs go on where single precision has ended, so they are compared with no count.
                if counts && key.ends_with("gtol1e-05") && run.name != "saddle-free Newton" {
                    let (evaluations, most) = (run.evaluations(), 2.0 * numeric(recorded, "f_evals")?);
                    comparison.require(&format!("{} evaluations, {key}", run.name), evaluations <= most, || {
                        format!("{evaluations} instead of {most} at most")
                    });
                }
            }
        }
        results.get("linear_cg").map_or(Ok(()), |recorded| self.linear(comparison, recorded, minimum))
    }

    /// Value, gradient and a product with the Hessian at the start.
    fn derivatives(&self, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
        let recorded = object(&self.case.rest, "at_x0")?;
        let (point, mut gradient) = (self.padded(), Vector::<CAPACITY>::ZERO);
        let mut objective = Padded(self.problem);
        let value = objective.gradient(&point, &mut gradient)?;
        let (mut scratch, mut product) = (Vector::ZERO, Vector::ZERO);
        objective.hessian_product(&point, &gradient, &gradient, &mut scratch, &mut product)?;
        comparison.values("at_x0.f", &[value.into()], &[numeric(recorded, "f")?], VALUE);
        for (name, got) in [("g", &gradient), ("H_times_g", &product)] {
            let want = Tensor::doubles(member(recorded, "at_x0", name)?).map_err(Trouble::Malformed)?;
            comparison.values(&format!("at_x0.{name}"), &self.shown(got), &want.values, LAYER);
        }
        Ok(())
    }

    fn padded(&self) -> Vector<CAPACITY> {
        Vector::from_fn(|i| self.start.get(i).copied().unwrap_or_default())
    }

    fn shown(&self, vector: &Vector<CAPACITY>) -> Vec<f64> {
        vector.as_slice()[..self.start.len()].iter().copied().map(f64::from).collect()
    }

    fn solve<S: Solver<CAPACITY>>(&self, (name, own): (&'static str, &str), solver: S, until: Stopping) -> Result<Run, Trouble> {
        let (mut point, mut workspace) = (self.padded(), Box::new(Workspace::<CAPACITY, S>::ZERO));
        let report = solver.minimize(&mut Padded(self.problem), &mut point, &mut workspace, &until)?;
        let recorded = self.case.rest.get("results").and_then(|results| results["own_f32"].get(format!("{own}_gtol1e-05")));
        let own = recorded.and_then(|run| run["g_inf"].as_f64()).unwrap_or_default();
        Ok(Run { name, report, own, point: self.shown(&point) })
    }

    /// Compares where a run ended with where another did.
    fn reached(
        &self,
        run: &Run,
        comparison: &mut Comparison<'_>,
        key: &str,
        recorded: &Map<String, Value>,
    ) -> Result<(), Trouble> {
        let x = list(recorded, "x")?;
        let label = |what| format!("{}: {what}, {key}", run.name);
        comparison.values(&label("f"), &[run.report.value.into()], &[numeric(recorded, "f")?], VALUE);
        comparison.values(&label("x"), &run.point, &x, POINT);
        let (stop, left, floor) = (run.report.stop, f64::from(run.report.gradient), self.gradient_noise(&x).max(run.own));
        let ended = stop == Stop::Converged || (stop == Stop::NoProgress && left <= floor);
        comparison.require(&label("stop"), ended, || format!("{stop:?} at a gradient of {left:e}, single precision {floor:e}"));
        Ok(())
    }

    /// What rounding may make of a gradient of zero at `x`: each component is a sum of n products with the Hessian's elements.
    fn gradient_noise(&self, x: &[f64]) -> f64 {
        let single: Vec<f32> = x.iter().map(|x| *x as f32).collect();
        let mut rows = vec![0.0; x.len()];
        self.problem.hessian(&single, &mut |i, j, part| rows[i] += f64::from(part).abs() * x[j].abs());
        (x.len() as f64 + 1.0) * f64::from(f32::EPSILON) * rows.into_iter().fold(0.0, f64::max)
    }

    /// Linear conjugate gradients, whose residual is the gradient.
    fn linear(&self, comparison: &mut Comparison<'_>, recorded: &Value, minimum: &Map<String, Value>) -> Result<(), Trouble> {
        let single =
            recorded.get("f32").and_then(Value::as_object).ok_or(Trouble::Malformed("linear_cg.f32 is missing".into()))?;
        let norms = list(single, "residual_norm_per_iter")?;
        let last = norms.last().copied().unwrap_or_default();
        let until = Stopping { gradient: GRADIENT, iterations: norms.len().saturating_sub(1) as u32 };
        let run = self.solve(("linear conjugate gradient", ""), LinearConjugateGradient, until)?;
        comparison.values("linear conjugate gradient: x", &run.point, &list(minimum, "x")?, POINT);
        comparison.values("linear conjugate gradient: f", &[run.report.value.into()], &[numeric(minimum, "f")?], VALUE);
        for precision in ["f32", "f64"] {
            let ends = recorded.get(precision).and_then(Value::as_object).map(|run| list(run, "x")).transpose()?;
            comparison.values("linear conjugate gradient: x", &run.point, &ends.unwrap_or_default(), POINT);
        }
        let (left, noise) = (f64::from(run.report.gradient), self.gradient_noise(&list(minimum, "x")?));
        comparison
            .require("linear conjugate gradient: residual", left <= last.max(noise), || format!("{left:e} instead of {last:e}"));
        Ok(())
    }
}

impl Run {
    fn evaluations(&self) -> f64 {
        f64::from(self.report.evaluations.values) + f64::from(self.report.evaluations.gradients)
    }
}

fn object<'m>(map: &'m Map<String, Value>, name: &str) -> Result<&'m Map<String, Value>, Trouble> {
    member(map, "the case", name)?.as_object().ok_or(Trouble::Malformed(format!("{name} is not an object")))
}

fn list(map: &Map<String, Value>, name: &str) -> Result<Vec<f64>, Trouble> {
    let values = member(map, "the run", name)?.as_array().map(|values| values.iter().map(number).collect::<Option<Vec<_>>>());
    values.flatten().ok_or(Trouble::Malformed(format!("{name} is not a list of numbers")))
}
