//! A blurred objective, for continuation methods.

use super::Objective;
use crate::error::{Error, Setting};
use crate::init::Distribution;
use crate::tensor::{Tensor, Vector, to_f32};
use rand_core::Rng;

/// The blurred cost of a continuation method: `J⁽ⁱ⁾(θ) ≈ E[J(θ + σ·ξ)]`, ξ normal, as the mean over `pairs` draws and their
/// opposites. *Memory:* 8 bytes a parameter, lent by the caller; the draws come again from a copy of the generator at every
/// evaluation, so they are not stored. 2·`pairs` evaluations each.
///
/// Minimise with a large σ, then with smaller ones down to 0 ([`set_deviation`](Blurred::set_deviation)), each from where
/// the last one ended: what is narrower than σ is not there yet. As the draws are the same each time this is one
/// differentiable function, fit for any solver; opposites make the gradient of a quadratic function exact.
///
/// Source: *Deep Learning*, section 8.7.6, equation 8.40.
///
/// ```
/// use kilograd::solver::{Blurred, Function, Objective};
/// use kilograd::tensor::{Vector, Zero};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let parabola = Function { value: |[x]: &[f32; 1]| x * x, gradient: |[x]: &[f32; 1]| [2.0 * x] };
/// let (mut room, mut gradient) = ([Vector::ZERO, Vector::ZERO], Vector::ZERO);
/// let mut blurred = Blurred::new(parabola, &mut room, 0.5, 64, Xoshiro128PlusPlus::seed_from_u64(1))?;
/// let value = blurred.gradient(&Vector::new([3.0]), &mut gradient)?;
/// // E[(x + σξ)²] = x² + σ².
/// assert!((value - 9.25).abs() < 0.05 && (gradient.as_array()[0] - 6.0).abs() < 1e-5);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Debug)]
pub struct Blurred<'m, O, G, const N: usize> {
    objective: O,
    room: &'m mut [Vector<N>; 2],
    deviation: f32,
    pairs: u32,
    rng: G,
}

impl<'m, O: Objective<N>, G: Rng + Clone, const N: usize> Blurred<'m, O, G, N> {
    /// Blurs `objective` by this standard deviation a coordinate.
    ///
    /// # Errors
    /// [`Setting::Deviation`] unless the deviation is a finite number of 0 or more, [`Setting::BatchSize`] for no pairs.
    pub fn new(objective: O, room: &'m mut [Vector<N>; 2], deviation: f32, pairs: u32, rng: G) -> Result<Self, Error> {
        Setting::Deviation.require_not_negative(deviation)?;
        Setting::BatchSize.require(to_f32(pairs), pairs > 0)?;
        Ok(Self { objective, room, deviation, pairs, rng })
    }

    /// Blurs by this standard deviation from now on.
    ///
    /// # Errors
    /// [`Setting::Deviation`] unless it is a finite number of 0 or more.
    pub fn set_deviation(&mut self, deviation: f32) -> Result<(), Error> {
        Setting::Deviation.require_not_negative(deviation)?;
        self.deviation = deviation;
        Ok(())
    }

    /// The standard deviation.
    pub fn deviation(&self) -> f32 {
        self.deviation
    }

    /// Shows `see` each point of the blur in turn, and returns the mean of its answers.
    fn mean(
        &mut self,
        point: &Vector<N>,
        mut see: impl FnMut(&mut O, &Vector<N>, &mut Vector<N>) -> Result<f32, Error>,
    ) -> Result<f32, Error> {
        let [near, spare] = &mut *self.room;
        if self.deviation == 0.0 {
            return see(&mut self.objective, point, spare);
        }
        let (mut rng, mut sum) = (self.rng.clone(), 0.0);
        for _ in 0..self.pairs {
            for deviation in [self.deviation, -self.deviation] {
                let mut draws = rng.clone();
                for (near, x) in near.as_mut_slice().iter_mut().zip(point.as_slice()) {
                    *near = x + Distribution::Normal { deviation }.sample(&mut draws);
                }
                sum += see(&mut self.objective, near, spare)?;
                if deviation < 0.0 {
                    rng = draws;
                }
            }
        }
        Ok(sum / (2.0 * to_f32(self.pairs)))
    }
}

impl<O: Objective<N>, G: Rng + Clone, const N: usize> Objective<N> for Blurred<'_, O, G, N> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        self.mean(point, |objective, near, _| objective.value(near))
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        gradient.fill(0.0);
        let share = if self.deviation == 0.0 { 1.0 } else { 0.5 / to_f32(self.pairs) };
        self.mean(point, |objective, near, one| {
            let value = objective.gradient(near, one)?;
            gradient.add_scaled(share, one);
            Ok(value)
        })
    }
}
