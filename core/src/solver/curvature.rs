//! Curvature by differences of gradients.

use super::Objective;
use super::search::perturb;
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, Vector, Zero, to_f32};
use rand_core::Rng;

/// Probes of the Hessian H at a point, which is never stored. *Memory:* 8 bytes a parameter, whatever is asked.
///
/// `H·v ≈ (∇J(x + d) − ∇J(x)) / h` with `d = h·v`: right to `h/2` of the third derivative, and to the rounding of a gradient
/// over h; in `f32` distances h around 10⁻² of the scale of x suit. Two buffers do because d need not be stored: it is the
/// difference of the displaced point and the point.
///
/// Source: *Deep Learning*, section 8.2.1 (`½ε²·gᵀHg − ε·gᵀg` is what a step of ε does) and 8.2.3.
///
/// ```
/// use kilograd::solver::{Curvature, Function};
/// use kilograd::tensor::{Vector, Zero};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// // A saddle: curvatures 2 and −1.
/// let value = |[x, y]: &[f32; 2]| x * x - 0.5 * y * y;
/// let mut saddle = Function { value, gradient: |[x, y]: &[f32; 2]| [2.0 * x, -y] };
/// let point = Vector::new([1.0, 1.0]);
/// let mut probe = Curvature::ZERO;
/// let along = probe.along_gradient(&mut saddle, &point, 0.01)?;
/// assert!((along.gradient_squared - 5.0).abs() < 1e-4 && (along.curvature - 7.0).abs() < 1e-2);
/// let extremes = probe.extremes(&mut saddle, &point, 0.01, 20, &mut Xoshiro128PlusPlus::seed_from_u64(1))?;
/// assert!((extremes.largest - 2.0).abs() < 1e-2 && (extremes.smallest + 1.0).abs() < 1e-2);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Curvature<const N: usize> {
    gradient: Vector<N>,
    displaced: Vector<N>,
}

/// What a small step against the gradient g does: `J(x − ε·g) ≈ J(x) − ε·gᵀg + ½ε²·gᵀHg`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AlongGradient {
    /// The value.
    pub value: f32,
    /// `gᵀg`.
    pub gradient_squared: f32,
    /// `gᵀHg`.
    pub curvature: f32,
}

impl AlongGradient {
    /// The learning rate from which on a plain gradient step goes up: `2·gᵀg / gᵀHg`; infinite where the curvature is not
    /// positive.
    pub fn largest_rate(&self) -> f32 {
        if self.curvature > 0.0 { 2.0 * self.gradient_squared / self.curvature } else { f32::INFINITY }
    }
}

/// The extreme curvatures at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Extremes {
    /// The smallest eigenvalue of the Hessian: below 0 there is a way down even where the gradient is zero.
    pub smallest: f32,
    /// The largest one.
    pub largest: f32,
}

impl<const N: usize> Zero for Curvature<N> {
    const ZERO: Self = Self { gradient: Vector::ZERO, displaced: Vector::ZERO };
}

impl<const N: usize> Curvature<N> {
    /// `gᵀg` and `gᵀHg`, from gradients at the point and at the distance `distance` along it. Two gradients.
    ///
    /// # Errors
    /// [`Setting::Displacement`] unless `distance` is a finite number above 0, [`Error::GradientTooLarge`] for a gradient
    /// that is infinite or NaN, and those of the objective.
    pub fn along_gradient<O: Objective<N>>(
        &mut self,
        objective: &mut O,
        point: &Vector<N>,
        distance: f32,
    ) -> Result<AlongGradient, Error> {
        Setting::Displacement.require_positive(distance)?;
        let value = self.evaluate_at(objective, point)?;
        let norm = self.gradient.norm();
        if norm == 0.0 {
            return Ok(AlongGradient { value, gradient_squared: 0.0, curvature: 0.0 });
        }
        self.displaced.copy_from(point);
        self.displaced.add_scaled(distance / norm, &self.gradient);
        let curvature = self.rayleigh(objective, point)?;
        Ok(AlongGradient { value, gradient_squared: norm * norm, curvature: curvature * norm * norm })
    }

    /// The extreme eigenvalues of the Hessian by power iteration from directions that `rng` draws: ρ, the largest magnitude,
    /// first, then the ends of the spectrum as those of `H + ρ·I` and `H − ρ·I` (as λ and −λ may be equally large, ρ alone
    /// does not tell which end it is). `rounds` rounds each, six gradients a round in all.
    ///
    /// Estimates lie within the spectrum, but for what differences are off by, and come the closer to its ends the more
    /// rounds there are.
    ///
    /// # Errors
    /// As [`along_gradient`](Curvature::along_gradient); [`Setting::Steps`] for no rounds.
    pub fn extremes<O: Objective<N>>(
        &mut self,
        objective: &mut O,
        point: &Vector<N>,
        distance: f32,
        rounds: u32,
        rng: &mut impl Rng,
    ) -> Result<Extremes, Error> {
        Setting::Displacement.require_positive(distance)?;
        Setting::Steps.require(to_f32(rounds), rounds > 0)?;
        let (_, radius) = self.power_iteration(objective, point, distance, 0.0, rounds, rng)?;
        let (largest, _) = self.power_iteration(objective, point, distance, -radius, rounds, rng)?;
        let (smallest, _) = self.power_iteration(objective, point, distance, radius, rounds, rng)?;
        Ok(Extremes { smallest, largest })
    }

    /// For `A = H − shift·I`: the eigenvalue of H for which that of A is the largest in magnitude, and that magnitude.
    fn power_iteration<O: Objective<N>>(
        &mut self,
        objective: &mut O,
        point: &Vector<N>,
        distance: f32,
        shift: f32,
        rounds: u32,
        rng: &mut impl Rng,
    ) -> Result<(f32, f32), Error> {
        self.displaced.fill(0.0);
        perturb(self.displaced.as_mut_slice(), 1.0, rng);
        self.displace(point, distance);
        self.evaluate_at(objective, point)?;
        let (mut eigenvalue, mut magnitude) = (shift, 0.0);
        for _ in 0..rounds {
            eigenvalue = self.rayleigh(objective, point)?;
            // The gradient is now the displaced point's: d becomes (∇J(x + d) − shift·d) − ∇J(x) = A·d.
            for ((d, x), g) in self.displaced.as_mut_slice().iter_mut().zip(point.as_slice()).zip(self.gradient.as_slice()) {
                *d = g - shift * (*d - x);
            }
            self.evaluate_at(objective, point)?;
            self.displaced.subtract(&self.gradient);
            magnitude = self.displaced.norm() / distance;
            if magnitude == 0.0 {
                break;
            }
            self.displace(point, distance);
        }
        Ok((eigenvalue, magnitude))
    }

    /// From a direction to the point at that distance along it.
    fn displace(&mut self, point: &Vector<N>, distance: f32) {
        let norm = self.displaced.norm();
        self.displaced.scale(distance / norm);
        self.displaced.add(point);
    }

    /// `dᵀHd / dᵀd` for the displacement d, given the gradient at the point; it is then that at the displaced point.
    fn rayleigh<O: Objective<N>>(&mut self, objective: &mut O, point: &Vector<N>) -> Result<f32, Error> {
        let (before, square) = self.along_displacement(point);
        objective.gradient(&self.displaced, &mut self.gradient)?;
        require_finite(&self.gradient)?;
        let (after, _) = self.along_displacement(point);
        Ok((after - before) / square)
    }

    /// `dᵀg` and `dᵀd`.
    fn along_displacement(&self, point: &Vector<N>) -> (f32, f32) {
        let (mut slope, mut square) = (0.0, 0.0);
        for ((displaced, x), g) in self.displaced.as_slice().iter().zip(point.as_slice()).zip(self.gradient.as_slice()) {
            let d = displaced - x;
            slope += d * g;
            square += d * d;
        }
        (slope, square)
    }

    fn evaluate_at<O: Objective<N>>(&mut self, objective: &mut O, point: &Vector<N>) -> Result<f32, Error> {
        let value = objective.gradient(point, &mut self.gradient)?;
        require_finite(&self.gradient).map(|()| value)
    }
}

fn require_finite<const N: usize>(gradient: &Vector<N>) -> Result<(), Error> {
    if gradient.is_finite() { Ok(()) } else { Err(Error::GradientTooLarge) }
}
