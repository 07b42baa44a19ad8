//! Jacobi preconditioning, by an estimate of the curvature's diagonal.

use super::Objective;
use crate::error::{Error, Setting};
use crate::tensor::{Parameters, Tensor, Vector, Zero};
use rand_core::Rng;

/// The diagonal of an objective's Hessian, to divide gradients by. *Memory:* 3 × f32 a parameter.
///
/// Hutchinson's estimate: with random signs z, the mean of `z ∘ H·z` is the diagonal of H; `H·z` is the difference of two
/// gradients. Of a diagonal Hessian one probe is exact, others scatter by what lies beside the diagonal.
///
/// Source: C. Bekas, E. Kokiopoulou and Y. Saad, *An estimator for the diagonal of a matrix* (2007).
///
/// ```
/// use kilograd::solver::{Function, Jacobi};
/// use kilograd::tensor::{Vector, Zero};
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let value = |[x, y]: &[f32; 2]| x * x + 50.0 * y * y;
/// let mut valley = Function { value, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 100.0 * y] };
/// let (point, mut jacobi) = (Vector::new([3.0, 1.0]), Jacobi::ZERO);
/// jacobi.estimate(&mut valley, &point, 1, 0.01, &mut Xoshiro128PlusPlus::seed_from_u64(1))?;
/// let mut direction = Vector::new([6.0, 100.0]);
/// jacobi.precondition(1e-3, &mut direction)?;
/// // Straight to the minimum, however narrow the valley.
/// assert!((direction.as_array()[0] - 3.0).abs() < 0.01 && (direction.as_array()[1] - 1.0).abs() < 0.01);
/// # Ok::<(), kilograd::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Jacobi<const N: usize> {
    diagonal: Vector<N>,
    point: Vector<N>,
    gradient: Vector<N>,
}

impl<const N: usize> Zero for Jacobi<N> {
    const ZERO: Self = Self { diagonal: Vector::ZERO, point: Vector::ZERO, gradient: Vector::ZERO };
}

/// Shows the signs of one probe: drawn again from a copy of the generator, they need no memory.
fn along_signs<const N: usize>(mut rng: impl Rng, mut visit: impl FnMut(usize, f32)) {
    let mut bits = 0;
    for i in 0..N {
        if i & 31 == 0 {
            bits = rng.next_u32();
        }
        visit(i, if bits & 1 == 0 { 1.0 } else { -1.0 });
        bits >>= 1;
    }
}

impl<const N: usize> Jacobi<N> {
    /// Estimates the diagonal at `point` from `probes` pairs of gradients, `distance` to either side of it.
    ///
    /// # Errors
    /// [`Error::Setting`] without a probe or for a distance that is not a finite number above 0; [`Error::GradientTooLarge`] if a
    /// gradient is infinite or NaN; what the objective fails with. The estimate is then to be made anew.
    pub fn estimate<R: Rng + Clone>(
        &mut self,
        objective: &mut impl Objective<N>,
        point: &Vector<N>,
        probes: u16,
        distance: f32,
        rng: &mut R,
    ) -> Result<(), Error> {
        Setting::Steps.require(0.0, probes > 0)?;
        Setting::Epsilon.require_positive(distance)?;
        self.diagonal.fill(0.0);
        let share = 1.0 / (2.0 * distance * f32::from(probes));
        for _ in 0..probes {
            for side in [1.0, -1.0] {
                self.point.copy_from(point);
                let moved = self.point.as_mut_slice();
                along_signs::<N>(rng.clone(), |i, sign| {
                    if let Some(x) = moved.get_mut(i) {
                        *x += side * sign * distance;
                    }
                });
                objective.gradient(&self.point, &mut self.gradient)?;
                if !self.gradient.is_finite() {
                    return Err(Error::GradientTooLarge);
                }
                let (diagonal, gradient) = (self.diagonal.as_mut_slice(), self.gradient.as_slice());
                along_signs::<N>(rng.clone(), |i, sign| {
                    if let (Some(d), Some(g)) = (diagonal.get_mut(i), gradient.get(i)) {
                        *d += side * sign * share * g;
                    }
                });
            }
            // On to the signs of the next probe.
            along_signs::<N>(&mut *rng, |_, _| {});
        }
        Ok(())
    }

    /// The estimate.
    pub fn diagonal(&self) -> &Vector<N> {
        &self.diagonal
    }

    /// Divides each element of a gradient by `|diagonal| + damping`: also where the curvature is negative it leads downhill.
    ///
    /// # Errors
    /// [`Error::Setting`] for a damping that is not a finite number above 0.
    pub fn precondition(&self, damping: f32, gradient: &mut Vector<N>) -> Result<(), Error> {
        Setting::Epsilon.require_positive(damping)?;
        for (g, d) in gradient.as_mut_slice().iter_mut().zip(self.diagonal.as_slice()) {
            *g /= d.abs() + damping;
        }
        Ok(())
    }
}
