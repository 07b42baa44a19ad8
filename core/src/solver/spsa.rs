//! Simultaneous perturbation stochastic approximation.

use super::search::is_finite_within;
use super::{Objective, Outcome, Search};
use crate::error::{Error, Setting};
use crate::optim::schedule::require_rate;
use crate::tensor::{Tensor, Vector, to_f32};
use rand_core::Rng;

/// SPSA: the slope along one random direction, from two values, stands for the whole gradient.
/// *Memory:* settings, the generator and three numbers, whatever N is; two evaluations an iteration and no gradient.
///
/// With signs Δᵢ = ±1: `s = (J(x + c·Δ) − J(x − c·Δ)) / 2c`, then `x ← x − a·s·Δ`. Δ is drawn three times from copies of the
/// generator, so neither it nor a second point is stored; going there and back rounds each coordinate by an ulp or two of
/// itself. Where a value is infinite or NaN, or the step would leave the numbers, the point stays. The outcome's value is the mean of
/// the two. Within four probes of the largest number nothing is evaluated: the point stays, and the outcome's value is infinite.
///
/// Source: J. Spall, *Multivariate stochastic approximation using a simultaneous perturbation gradient approximation* (1992);
/// gains: *Implementation of the simultaneous perturbation algorithm* (1998).
///
/// ```
/// use kilograd::solver::{Function, Search, Spsa, SpsaGains};
/// use kilograd::tensor::{Tensor, Vector};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut bowl = Function { value: |[x, y]: &[f32; 2]| x * x + y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 2.0 * y] };
/// let mut point = Vector::new([3.0, -1.0]);
/// let mut search = Spsa::new(SpsaGains::new(0.5, 0.1), Xoshiro128PlusPlus::seed_from_u64(1))?;
/// search.minimize(&mut bowl, &mut point, 100)?;
/// assert!(point.norm() < 1e-2);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spsa<G> {
    gains: SpsaGains,
    rng: G,
    outcome: Outcome,
}

/// The gains of [`Spsa`] in iteration k, counted from 1: `aₖ = a / (A + k)^α` and `cₖ = c / k^γ`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SpsaGains {
    /// The step, a: a learning rate.
    pub step: f32,
    /// The distance of the two probes from the point in each coordinate, c, above 0: about the noise of a value.
    pub probe: f32,
    /// A: keeps the first steps down; Spall advises a tenth of the iterations.
    pub stability: u32,
    /// α, 0 or more.
    pub step_exponent: f32,
    /// γ, 0 or more.
    pub probe_exponent: f32,
}

impl SpsaGains {
    /// Spall's exponents, α = 0.602 and γ = 0.101, and A = 0.
    pub const fn new(step: f32, probe: f32) -> Self {
        Self { step, probe, stability: 0, step_exponent: 0.602, probe_exponent: 0.101 }
    }

    /// aₖ and cₖ.
    fn of(&self, k: u32) -> (f32, f32) {
        let step = self.step / libm::powf(to_f32(self.stability) + to_f32(k), self.step_exponent);
        (step, self.probe / libm::powf(to_f32(k), self.probe_exponent))
    }
}

impl<G: Rng + Clone> Spsa<G> {
    /// Starts with iteration 1.
    ///
    /// # Errors
    /// [`Error::LearningRate`] for the step, [`Setting::Displacement`] for the probe, [`Setting::Exponent`].
    pub fn new(gains: SpsaGains, rng: G) -> Result<Self, Error> {
        require_rate(gains.step)?;
        Setting::Displacement.require_positive(gains.probe)?;
        Setting::Exponent.require_not_negative(gains.step_exponent)?;
        Setting::Exponent.require_not_negative(gains.probe_exponent)?;
        Ok(Self { gains, rng, outcome: Outcome::NONE })
    }
}

/// The values at `point ± probe·Δ`; `point` comes back.
fn both_sides<const N: usize, O: Objective<N>>(
    objective: &mut O,
    point: &mut Vector<N>,
    probe: f32,
    rng: &(impl Rng + Clone),
) -> Result<(f32, f32), Error> {
    move_along(point.as_mut_slice(), probe, &mut rng.clone());
    let above = objective.value(point);
    move_along(point.as_mut_slice(), -2.0 * probe, &mut rng.clone());
    let below = if above.is_ok() { objective.value(point) } else { above };
    move_along(point.as_mut_slice(), probe, &mut rng.clone());
    Ok((above?, below?))
}

/// `xᵢ ← xᵢ + distance·Δᵢ`: a bit of a draw is a sign.
fn move_along(point: &mut [f32], distance: f32, rng: &mut impl Rng) {
    for block in point.chunks_mut(32) {
        let mut signs = rng.next_u32();
        for x in block {
            *x += if signs & 1 == 0 { distance } else { -distance };
            signs >>= 1;
        }
    }
}

impl<const N: usize, G: Rng + Clone> Search<N> for Spsa<G> {
    fn step<O: Objective<N>>(&mut self, objective: &mut O, point: &mut Vector<N>) -> Result<Outcome, Error> {
        let (step, probe) = self.gains.of(self.outcome.iterations.saturating_add(1));
        // Both probes, and what rounding adds to the way there and back.
        if !is_finite_within(point.as_slice(), 4.0 * probe) {
            self.outcome.count(0);
            self.outcome.value = f32::INFINITY;
            return Ok(self.outcome);
        }
        let (above, below) = both_sides(objective, point, probe, &self.rng)?;
        let distance = step * ((above - below) / (2.0 * probe));
        let distance = if is_finite_within(point.as_slice(), distance) { distance } else { 0.0 };
        // Also where nothing moves: the next iteration draws other signs.
        move_along(point.as_mut_slice(), -distance, &mut self.rng);
        self.outcome.count(2);
        self.outcome.value = 0.5 * above + 0.5 * below;
        Ok(self.outcome)
    }
}
