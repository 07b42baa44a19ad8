//! An evolution strategy with a deviation for each coordinate.

use super::search::{has_room, or_too_high};
use super::{Objective, Outcome, Search};
use crate::error::{Error, Setting};
use crate::init::Distribution;
use crate::tensor::{Tensor, Vector, count};
use kilograd_simd::math::{exp, ln, sqrt};
use rand_core::Rng;

/// Deviations stay between 10⁻¹⁸ and 10¹⁸.
const DEVIATION_LIMIT: f32 = 1e18;

/// A diagonal evolution strategy (separable natural evolution strategy, SNES): a population drawn around the point, ranked,
/// moves the point and the deviation of each coordinate. *Memory:* 4 bytes a parameter (the deviations) and, for each
/// of `OFFSPRING`, a generator and two numbers; `OFFSPRING` evaluations an iteration and no gradient.
///
/// With `zₖ` normal, `xₖ = x + σ∘zₖ` and uₖ the utility of xₖ's rank, `uₖ ∝ max(0, ln(λ/2 + 1) − ln rank) − mean`:
///
/// `x ← x + σ∘Σ uₖ·zₖ`, `σᵢ ← σᵢ·exp(η/2·Σ uₖ·(zₖᵢ² − 1))`, `η = (3 + ln N) / (5·√N)`.
///
/// Only ranks count, so any increasing function of J gives the same path. Offspring are not stored but drawn
/// again: each is a copy of the generator from before it, and for the update all of them run side by side, coordinate by
/// coordinate. λ = `4 + 3·ln N` is the usual number of offspring. The outcome's value is the best of the last population,
/// infinite where there was none: within 16·σ of the largest number nothing is tried.
///
/// Source: T. Schaul, T. Glasmachers and J. Schmidhuber, *High dimensions and heavy tails for natural evolution strategies*
/// (2011); kin to separable CMA-ES (R. Ros and N. Hansen, 2008), without its two evolution paths, 8 bytes a parameter.
///
/// ```
/// use kilograd::solver::{Function, Search, SeparableEs};
/// use kilograd::tensor::{Tensor, Vector, Zero};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let value = |[x, y]: &[f32; 2]| x * x + 1e4 * y * y;
/// let mut bowl = Function { value, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 2e4 * y] };
/// let (mut point, mut deviations) = (Vector::new([3.0, -1.0]), Vector::ZERO);
/// let rng = Xoshiro128PlusPlus::seed_from_u64(1);
/// let mut search = SeparableEs::<_, 2, 8>::new(&mut deviations, 1.0, rng)?;
/// search.minimize(&mut bowl, &mut point, 100)?;
/// assert!(point.norm() < 1e-2);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Debug)]
pub struct SeparableEs<'m, G, const N: usize, const OFFSPRING: usize> {
    deviations: &'m mut Vector<N>,
    rng: G,
    offspring: [Offspring<G>; OFFSPRING],
    outcome: Outcome,
}

/// One of a population: what it is drawn from, its value, and what its rank makes it worth.
#[derive(Clone, Debug)]
struct Offspring<G> {
    rng: G,
    value: f32,
    utility: f32,
}

impl<'m, G: Rng + Clone, const N: usize, const OFFSPRING: usize> SeparableEs<'m, G, N, OFFSPRING> {
    /// Starts with this deviation in every coordinate; `deviations` is where they are kept.
    ///
    /// # Errors
    /// [`Setting::Deviation`] unless it is a finite number above 0. Fewer than two offspring do not compile:
    ///
    /// ```compile_fail
    /// # use kilograd::solver::SeparableEs;
    /// # use kilograd::tensor::{Vector, Zero};
    /// # use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
    /// let mut deviations = Vector::ZERO;
    /// SeparableEs::<_, 2, 1>::new(&mut deviations, 1.0, Xoshiro128PlusPlus::seed_from_u64(1)).unwrap();
    /// ```
    pub fn new(deviations: &'m mut Vector<N>, deviation: f32, rng: G) -> Result<Self, Error> {
        const { assert!(OFFSPRING >= 2, "one offspring has nothing to be ranked with") };
        Setting::Deviation.require_positive(deviation)?;
        deviations.fill(deviation);
        let offspring = core::array::from_fn(|_| Offspring { rng: rng.clone(), value: f32::INFINITY, utility: 0.0 });
        Ok(Self { deviations, rng, offspring, outcome: Outcome::NONE })
    }

    /// The deviation of each coordinate.
    pub fn deviations(&self) -> &Vector<N> {
        self.deviations
    }

    /// Evaluates all offspring; `point` comes back.
    fn populate<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<(), Error> {
        for offspring in &mut self.offspring {
            offspring.rng = self.rng.clone();
            perturb(point, self.deviations, 1.0, &mut self.rng);
            let value = objective.value(point);
            perturb(point, self.deviations, -1.0, &mut offspring.rng.clone());
            offspring.value = or_too_high(value?);
        }
        Ok(())
    }

    /// Gives each its utility; of equals the one drawn first ranks first.
    fn rank(&mut self) {
        let values: [f32; OFFSPRING] = core::array::from_fn(|k| self.offspring.get(k).map_or(0.0, |one| one.value));
        let raw = |rank| positive(ln(count(OFFSPRING) / 2.0 + 1.0) - ln(rank));
        let mut sum = 0.0;
        for (k, one) in self.offspring.iter_mut().enumerate() {
            let before = |(j, value): (usize, &f32)| *value < one.value || (*value == one.value && j <= k);
            one.utility = raw(count(values.iter().enumerate().filter(|other| before(*other)).count()));
            sum += one.utility;
        }
        for one in &mut self.offspring {
            one.utility = one.utility / sum - 1.0 / count(OFFSPRING);
        }
    }

    /// Moves the point and the deviations; the offspring's generators are used up.
    fn recombine(&mut self, point: &mut Vector<N>) {
        let half_rate = 0.5 * (3.0 + ln(count(N))) / (5.0 * sqrt(count(N)));
        for (x, deviation) in point.as_mut_slice().iter_mut().zip(self.deviations.as_mut_slice()) {
            let (mut shift, mut spread) = (0.0, 0.0);
            for one in &mut self.offspring {
                let z = Distribution::Normal { deviation: 1.0 }.sample(&mut one.rng);
                shift += one.utility * z;
                spread += one.utility * (z * z - 1.0);
            }
            *x += *deviation * shift;
            let next = *deviation * exp(half_rate * spread);
            // A deviation that started beyond a limit can only come back.
            let (widens, narrows) = (next >= *deviation, next <= *deviation);
            if (widens || next >= 1.0 / DEVIATION_LIMIT) && (narrows || next <= DEVIATION_LIMIT) {
                *deviation = next;
            }
        }
    }
}

fn positive(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

/// `xᵢ ← xᵢ + sign·σᵢ·zᵢ`.
fn perturb<const N: usize>(point: &mut Vector<N>, deviations: &Vector<N>, sign: f32, rng: &mut impl Rng) {
    for (x, deviation) in point.as_mut_slice().iter_mut().zip(deviations.as_slice()) {
        *x += sign * deviation * Distribution::Normal { deviation: 1.0 }.sample(rng);
    }
}

impl<G: Rng + Clone, const N: usize, const OFFSPRING: usize> Search<N> for SeparableEs<'_, G, N, OFFSPRING> {
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        // Magnitudes of utilities sum up to less than 2: no step is longer than twice the longest trial.
        if !has_room(point.as_slice(), self.deviations.norm_max()) {
            self.outcome.count(0);
            self.outcome.value = f32::INFINITY;
            return Ok(self.outcome);
        }
        self.populate(objective, point)?;
        self.rank();
        self.recombine(point);
        self.outcome.count(u32::try_from(OFFSPRING).unwrap_or(u32::MAX));
        self.outcome.value =
            self.offspring.iter().fold(f32::INFINITY, |best, one| if one.value < best { one.value } else { best });
        Ok(self.outcome)
    }
}
