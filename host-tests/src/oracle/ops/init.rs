//! Initialisation: moments, bounds and the shape of the distribution.

use super::super::Trouble;
use super::super::compare::Comparison;
use super::super::schema::{Case, Document, member, numeric};
use super::super::tensor::number;
use kilograd::init::{
    Distribution, FanInUniform, GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunTruncatedNormal,
    LecunUniform, Orthogonal, Scheme, Sparse,
};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde_json::{Map, Value};

/// Any seed does: the intervals are at five standard deviations.
const SEED: u64 = 1;

/// Draws that are pooled for the narrower intervals.
const DRAWS: usize = 10;

/// Standard deviation of a standard normal distribution that is cut off at ±2.
const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// A bound is rounded to single precision, as is its product with what is drawn.
const BOUND_ROUNDING: f64 = 1e-6;

/// `xavier_uniform`.
pub(super) fn xavier_uniform(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(GlorotUniform, case, comparison)
}

/// `xavier_normal`.
pub(super) fn xavier_normal(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(GlorotNormal, case, comparison)
}

/// `he_uniform`.
pub(super) fn he_uniform(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(HeUniform, case, comparison)
}

/// `he_normal`.
pub(super) fn he_normal(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(HeNormal, case, comparison)
}

/// `lecun_uniform`.
pub(super) fn lecun_uniform(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(LecunUniform, case, comparison)
}

/// `lecun_normal`.
pub(super) fn lecun_normal(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(LecunNormal, case, comparison)
}

/// `lecun_trunc_normal`.
pub(super) fn lecun_truncated_normal(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(LecunTruncatedNormal, case, comparison)
}

/// `book_1_over_sqrt_m`.
pub(super) fn book_uniform(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    draw(FanInUniform, case, comparison)
}

/// `orthogonal`: the Gram matrix of what is to be orthonormal, in several draws, and the norm.
pub(super) fn orthogonal(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (fan_in, fan_out, gain) = (case.count("in")?, case.count("out")?, case.setting("gain")?);
    let expected = section(case, "expect")?;
    let frobenius = numeric(expected, "frobenius")?;
    let most = numeric(section(case, "accept")?, "max_abs_gram_minus_identity")?;
    // Of w[out][in]: its rows are the library's columns, one a unit.
    let of_units = match expected.get("which").and_then(Value::as_str) {
        Some("rows") => true,
        Some("columns") => false,
        _ => return Err(Trouble::Malformed("expect.which is neither rows nor columns".into())),
    };
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(SEED);
    for _ in 0..DRAWS {
        let mut weights = vec![0.0; fan_in * fan_out];
        Orthogonal { gain }.fill(&mut weights, fan_in, fan_out, &mut rng);
        let weights: Vec<f64> = weights.into_iter().map(|w| f64::from(w) / f64::from(gain)).collect();
        let norm = weights.iter().map(|w| w * w).sum::<f64>().sqrt() * f64::from(gain);
        comparison.require("expect.frobenius", (norm / frobenius - 1.0).abs() < most, || format!("{norm}, not {frobenius}"));
        let off = gram_error(&weights, fan_in, fan_out, of_units);
        comparison.require("accept.max_abs_gram_minus_identity", off <= most, || format!("{off}, tolerance {most}"));
    }
    Ok(())
}

/// The largest magnitude of the Gram matrix less the identity, of the columns or of the rows of `rows` by `columns` numbers.
fn gram_error(weights: &[f64], rows: usize, columns: usize, of_columns: bool) -> f64 {
    let (count, length) = if of_columns { (columns, rows) } else { (rows, columns) };
    let at = |vector: usize, i: usize| weights[if of_columns { i * columns + vector } else { vector * columns + i }];
    let off = |a: usize, b: usize| {
        let product: f64 = (0..length).map(|i| at(a, i) * at(b, i)).sum();
        (product - if a == b { 1.0 } else { 0.0 }).abs()
    };
    (0..count).flat_map(|a| (0..=a).map(move |b| (a, b))).map(|(a, b)| off(a, b)).fold(0.0, f64::max)
}

/// `sparse`: PyTorch's, a number of zeros among the weights that leave each input. With the roles of inputs and outputs
/// exchanged it is the library's, a number among those that enter each unit.
pub(super) fn sparse(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (fan_in, fan_out) = (case.count("in")?, case.count("out")?);
    let expected = section(case, "expect")?;
    let zeros = numeric(expected, "zeros_per_column")?;
    let rounded_up = (f64::from(case.setting("sparsity")?) * fan_out as f64).ceil();
    comparison.require("expect.zeros_per_column", zeros == rounded_up, || format!("{rounded_up}, not {zeros}"));
    let deviation = case.setting("std")?;
    let nonzero = fan_out.saturating_sub(zeros as usize);
    let scheme = Sparse { nonzero, distribution: Distribution::Normal { deviation } };
    let mut weights = vec![0.0; fan_in * fan_out];
    scheme.fill(&mut weights, fan_out, fan_in, &mut Xoshiro128PlusPlus::seed_from_u64(SEED));
    for input in 0..fan_in {
        let here = weights.iter().skip(input).step_by(fan_in).filter(|w| **w == 0.0).count();
        comparison.require("expect.zeros_per_column", here as f64 == zeros, || format!("{here} zeros of input {input}"));
    }
    let sample: Vec<f64> = weights.into_iter().filter(|w| *w != 0.0).map(f64::from).collect();
    let samples = numeric(expected, "samples")?;
    comparison.require("expect.samples", samples == sample.len() as f64, || format!("{} instead of {samples}", sample.len()));
    let shape = Shape::of("normal", numeric(expected, "nonzero_std")?)?;
    check_sample("accept", &sample, &shape, section(case, "accept")?, comparison)
}

fn draw(scheme: impl Scheme, case: &Case, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let gain = case.setting_or("gain", 1.0)?;
    if gain != 1.0 {
        return Err(Trouble::NotImplemented(format!("{} with a gain of {gain}", case.op)));
    }
    let (fan_in, fan_out) = (case.count("in")?, case.count("out")?);
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(SEED);
    let mut weights = vec![0.0; fan_in * fan_out * DRAWS];
    for draw in weights.chunks_mut((fan_in * fan_out).max(1)) {
        scheme.fill(draw, fan_in, fan_out, &mut rng);
    }
    let weights: Vec<f64> = weights.into_iter().map(f64::from).collect();
    let expected = section(case, "expect")?;
    let shape = Shape::of(case.text("distribution")?, numeric(expected, "std")?)?;
    let first = &weights[..fan_in * fan_out];
    let samples = numeric(expected, "samples")?;
    comparison.require("expect.samples", samples == first.len() as f64, || format!("{} instead of {samples}", first.len()));
    if let Some(bound) = expected.get("bound").and_then(number) {
        check_bound(&weights, bound, comparison);
    }
    check_sample("accept", first, &shape, section(case, "accept")?, comparison)?;
    check_sample("accept_10_draws", &weights, &shape, section(case, "accept_10_draws")?, comparison)
}

/// An object that only cases of this group have.
fn section<'c>(case: &'c Case, name: &str) -> Result<&'c Map<String, Value>, Trouble> {
    let value = member(&case.rest, "case", name)?;
    value.as_object().ok_or_else(|| Trouble::Malformed(format!("{name} is not an object")))
}

fn check_bound(weights: &[f64], bound: f64, comparison: &mut Comparison<'_>) {
    let largest = weights.iter().fold(0.0, |largest, w| w.abs().max(largest));
    comparison.require("expect.bound", largest <= bound * (1.0 + BOUND_ROUNDING), || {
        format!("a weight of magnitude {largest} exceeds the bound {bound}")
    });
    // The chance that no draw comes within a tenth of a bound that is right: 0.9ⁿ for a uniform, 0.98ⁿ for a truncated normal.
    comparison.require("expect.bound", weights.len() < 1000 || largest > 0.9 * bound, || {
        format!("no weight exceeds {largest}, far below the bound {bound}")
    });
}

/// Checks mean, deviation and distribution against the intervals of `accept`.
fn check_sample(
    name: &str,
    sample: &[f64],
    shape: &Shape,
    accept: &Map<String, Value>,
    comparison: &mut Comparison<'_>,
) -> Result<(), Trouble> {
    let count = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / count;
    let deviation = (sample.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() / (count - 1.0)).sqrt();
    for (what, measured) in [("mean", mean), ("std", deviation)] {
        let (low, high) = interval(accept, what)?;
        comparison.require(&format!("{name}.{what}"), (low..=high).contains(&measured), || {
            format!("{measured} is outside [{low}, {high}]")
        });
    }
    let (distance, most) = (shape.distance(sample), numeric(accept, "ks_max")?);
    comparison.require(&format!("{name}.ks_max"), distance <= most, || {
        format!("the Kolmogorov-Smirnov distance to the distribution is {distance}, tolerance {most}")
    });
    Ok(())
}

fn interval(accept: &Map<String, Value>, name: &str) -> Result<(f64, f64), Trouble> {
    let bounds: Option<Vec<f64>> = accept.get(name).and_then(Value::as_array).map(|v| v.iter().filter_map(number).collect());
    match bounds.as_deref() {
        Some([low, high]) => Ok((*low, *high)),
        _ => Err(Trouble::Malformed(format!("{name} is not an interval"))),
    }
}

/// The exact distribution.
enum Shape {
    Uniform { bound: f64 },
    Normal { deviation: f64 },
    TruncatedNormal { parent_deviation: f64 },
}

impl Shape {
    fn of(name: &str, deviation: f64) -> Result<Self, Trouble> {
        match name {
            "uniform" => Ok(Self::Uniform { bound: deviation * 3.0_f64.sqrt() }),
            "normal" => Ok(Self::Normal { deviation }),
            "trunc_normal" => Ok(Self::TruncatedNormal { parent_deviation: deviation / TRUNCATED_DEVIATION }),
            other => Err(Trouble::NotImplemented(format!("the distribution {other}"))),
        }
    }

    /// The probability of a smaller draw.
    fn below(&self, x: f64) -> f64 {
        match self {
            Self::Uniform { bound } => ((x / bound + 1.0) / 2.0).clamp(0.0, 1.0),
            Self::Normal { deviation } => normal_below(x / deviation),
            Self::TruncatedNormal { parent_deviation } => {
                let cut = normal_below(-2.0);
                ((normal_below(x / parent_deviation) - cut) / (1.0 - 2.0 * cut)).clamp(0.0, 1.0)
            }
        }
    }

    /// Kolmogorov and Smirnov's distance: the largest between this distribution function and the sample's.
    fn distance(&self, sample: &[f64]) -> f64 {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let gap = |(i, x): (usize, &f64)| {
            let below = self.below(*x);
            f64::max(below - i as f64 / count, (i as f64 + 1.0) / count - below)
        };
        sorted.iter().enumerate().map(gap).fold(0.0, f64::max)
    }
}

/// The standard normal distribution function.
fn normal_below(x: f64) -> f64 {
    libm::erfc(-x / core::f64::consts::SQRT_2) / 2.0
}
